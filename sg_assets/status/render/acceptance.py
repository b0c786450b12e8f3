"""An acceptance in lines of text: the same in the terminal and in the log of a run."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from sg_assets.lineage.causes import Cause
from sg_assets.status.acceptance import Acceptance, Acceptances
from sg_assets.status.render.text import cause_told
from sg_assets.store.marks import NamedMark
from sg_assets.store.refs import Ref

_DIFF_LINES: Final = 40
"""Lines of a diff shown; the whole texts are kept in the store."""
_NAMED: Final = 8
"""Partitions of an asset that are named; the others are counted."""


def shown(accepting: Acceptances) -> Iterator[str]:
    """What would be accepted: every distinct change once with the partitions it serves, then what is left out."""
    for cause in accepting.causes:
        yield from _change(cause)
    chained = [acceptance for acceptance in accepting.accepted if acceptance.before]
    for acceptance in chained:
        yield from _chain(acceptance)
    yield f"{len(accepting.accepted)} to accept, {len(accepting.current)} current already{_left_out(accepting)}"
    if accepting.missing:
        yield f"No version yet: {listed(accepting.missing)}"
    yield from (f"Refused: {refusal}" for refusal in accepting.refused)


def _left_out(accepting: Acceptances) -> str:
    missing = f", {len(accepting.missing)} without a version" if accepting.missing else ""
    return missing + (f", {len(accepting.refused)} refused" if accepting.refused else "")


def _change(cause: Cause) -> Iterator[str]:
    yield cause_told(cause, cause.places[0])
    yield f"  serves {_by_asset(cause.places)}"
    lines = (cause.diff or "").splitlines()
    yield from (f"    {line}" for line in lines[:_DIFF_LINES])
    if len(lines) > _DIFF_LINES:
        yield f"    ... {len(lines) - _DIFF_LINES} more lines"


def _by_asset(places: Sequence[str]) -> str:
    """Partitions, those of one asset together."""
    keys: dict[str, list[str]] = {}
    for ref in map(Ref.parse, places):
        keys.setdefault(ref.asset, []).extend([ref.partition] if ref.partition else [])
    return ", ".join(f"{asset}[{listed(parts)}]" if parts else asset for asset, parts in keys.items())


def _chain(acceptance: Acceptance) -> Iterator[str]:
    yield f"{acceptance.ref} {acceptance.version.version} was accepted before; it was made by {_code(acceptance)}"
    yield from (f"  {_accepted(named)}" for named in acceptance.before)
    yield f"  now as {acceptance.recipe.code.fingerprint[:8]}"


def _code(acceptance: Acceptance) -> str:
    return acceptance.version.code.fingerprint[:8]


def _accepted(named: NamedMark) -> str:
    code = named.mark.code
    return f"as {'' if code is None else code.fingerprint[:8]}: {named.mark}"


def undoing(marks: Mapping[Ref, NamedMark]) -> Iterator[str]:
    """What would be undone."""
    for ref, named in marks.items():
        yield f"{ref} {named.mark.version}: {named.mark}"


def listed(names: Sequence[object]) -> str:
    """The first of many, and how many more."""
    more = len(names) - _NAMED
    return ", ".join(map(str, names[:_NAMED])) + (f" and {more} more" if more > 0 else "")
