"""Which definitions differ between the code of two versions: those edited, not those that only call them."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache, partial
from typing import Final

from sg_assets.code.closure import Analysis
from sg_assets.code.exclusion_table import EXCLUSIONS
from sg_assets.code.modules import Definition
from sg_assets.code.stored_listing import Listing, read_listing
from sg_assets.errors import DamagedStoreError
from sg_assets.lineage.changed_values import text_diff
from sg_assets.store.store import Store
from sg_assets.store.stored_sources import stored_package

_RENAMED: Final = 0.8
"""From this likeness of normal forms on, a definition counts as renamed."""
Pair = tuple[Definition | None, Definition | None]
"""A definition before and after; None where it was added or removed."""


@dataclass(frozen=True)
class ChangedDefinition:
    """A definition that was edited, added or removed."""

    name: str
    """Its module and name, with those before where they were different."""
    old: str | None
    """Its digest before; None where it was added."""
    new: str | None
    """Its digest after; None where it was removed."""
    diff: str | None
    """A unified diff of its text; None where a text is not stored."""


@dataclass(frozen=True)
class _Side:
    listing: Listing
    analysis: Analysis | None
    """None where the package is not stored."""

    def form(self, definition: Definition) -> tuple[str, tuple[Definition, ...]] | None:
        """The text of a normal form and the definitions it refers to; None where the source is not stored."""
        if self.analysis is None:
            return None
        try:
            form = self.analysis.form(definition)
        except (KeyError, SyntaxError, DamagedStoreError):  # not stored, or written for another Python
            return None
        return form.text, (*form.references, *sorted(form.besides))

    def source(self, definition: Definition | None) -> str | None:
        if definition is None:
            return ""
        if self.analysis is None:
            return None
        try:
            return self.analysis.source(definition)
        except (KeyError, SyntaxError, DamagedStoreError):
            return None


@lru_cache(maxsize=64)
def changed_definitions(store: Store, before: str, after: str) -> tuple[ChangedDefinition, ...]:
    """The definitions that make the difference between two listings.

    A definition whose digest moved only because of a definition it refers to is not among them. Where sources are not
    stored, every definition whose digest moved is.

    Args:
        store: Holds the sources. Comparisons are cached: an edit puts many partitions out of date at once.
        before: The text of a listing.
        after: The text of another.

    Raises:
        SgAssetsError: a listing is damaged.
    """
    old, new = (_side(store, text) for text in (before, after))
    pairs = list(_pairs(old, new))
    renamed = {was: now for was, now in pairs if was is not None and now is not None}
    common = old.listing.digests.keys() & new.listing.digests.keys()
    renamed |= {definition: definition for definition in common if definition not in renamed}
    moved = [pair for pair in pairs if _digests(old, new, pair)[0] != _digests(old, new, pair)[1]]
    edited = [pair for pair in moved if None not in pair and _is_edited(old, new, pair, renamed)]
    return tuple(_changed(old, new, pair) for pair in edited or moved)


def _side(store: Store, text: str) -> _Side:
    listing = read_listing(text, "code/")
    try:
        package = stored_package(store, listing.package)
    except DamagedStoreError:
        package = None
    return _Side(listing, None if package is None else Analysis(package, EXCLUSIONS))


def _pairs(old: _Side, new: _Side) -> Iterator[Pair]:
    """Definitions that are not equal on both sides: paired by name, then by likeness, else alone."""
    unequal_before = _unequal(old.listing, new.listing)
    unequal_after = _unequal(new.listing, old.listing)
    for definition in sorted(unequal_before & unequal_after):
        yield definition, definition
    added = sorted(unequal_after - unequal_before)
    for definition in sorted(unequal_before - unequal_after):
        likest = max(added, key=partial(_likeness, old, new, definition), default=None)
        if likest is not None and _likeness(old, new, definition, likest) >= _RENAMED:
            added.remove(likest)
            yield definition, likest
        else:
            yield definition, None
    for definition in added:
        yield None, definition


def _likeness(old: _Side, new: _Side, before: Definition, after: Definition) -> float:
    """The likeness of two definitions, 0 to 1: 1 for an equal last name, else that of their normal forms."""
    if before.name == after.name:
        return 1.0
    was, now = old.form(before), new.form(after)
    return 0.0 if was is None or now is None else SequenceMatcher(None, was[0], now[0], autojunk=False).quick_ratio()


def _unequal(listing: Listing, other: Listing) -> set[Definition]:
    known = set(other.digests.values())
    return {definition for definition, digest in listing.digests.items() if digest not in known}


def _digests(old: _Side, new: _Side, pair: Pair) -> tuple[str | None, str | None]:
    before, after = pair
    return (
        None if before is None else old.listing.digests.get(before),
        None if after is None else new.listing.digests.get(after),
    )


def _is_edited(old: _Side, new: _Side, pair: Pair, renamed: dict[Definition, Definition]) -> bool:
    """Whether the definition itself differs, or refers to other definitions than before."""
    before, after = pair
    if before is None or after is None:
        return True
    was, now = old.form(before), new.form(after)
    if was is None or now is None:
        return True
    if was[0] != now[0] or len(was[1]) != len(now[1]):
        return True
    return any(_refers_elsewhere(old, new, *references, renamed) for references in zip(was[1], now[1], strict=True))


def _refers_elsewhere(
    old: _Side, new: _Side, before: Definition, after: Definition, renamed: dict[Definition, Definition]
) -> bool:
    """Whether two references lead to different definitions; a renamed definition is not different."""
    return renamed.get(before, before) != after and old.listing.digests.get(before) != new.listing.digests.get(after)


def _changed(old: _Side, new: _Side, pair: Pair) -> ChangedDefinition:
    before, after = pair
    name = " -> ".join(dict.fromkeys(str(definition) for definition in pair if definition is not None))
    source_before, source_after = old.source(before), new.source(after)
    diff = None if source_before is None or source_after is None else text_diff(name, source_before, source_after)
    was, now = _digests(old, new, pair)
    return ChangedDefinition(name, was, now, diff)
