"""Acceptances as lines of text, for the terminal and the log of a run."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from sg_assets.lineage.causes import Cause
from sg_assets.status.acceptance import Acceptance, Acceptances
from sg_assets.status.render.text import cause_text
from sg_assets.store.marks import NamedMark
from sg_assets.store.refs import Ref
from sg_assets.text.lists import listed

_DIFF_LINES: Final = 40
"""Lines of a diff that are shown; the store holds the whole texts."""


def acceptance_lines(accepting: Acceptances) -> Iterator[str]:
    """The planned acceptances: every distinct change once with its partitions, then the partitions left out."""
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
    yield cause_text(cause, cause.places[0])
    yield f"  affects {_by_asset(cause.places)}"
    lines = (cause.diff or "").splitlines()
    yield from (f"    {line}" for line in lines[:_DIFF_LINES])
    if len(lines) > _DIFF_LINES:
        yield f"    ... {len(lines) - _DIFF_LINES} more lines"


def _by_asset(places: Sequence[str]) -> str:
    """Partitions, grouped by asset."""
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


def undo_lines(marks: Mapping[Ref, NamedMark]) -> Iterator[str]:
    """The acceptances that would be undone."""
    for ref, named in marks.items():
        yield f"{ref} {named.mark.version}: {named.mark}"
