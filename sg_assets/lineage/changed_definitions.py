"""Which definitions differ between the code of two versions: those edited, not those that only call them."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache, partial
from typing import Final

from sg_assets.code.closure import Analysis
from sg_assets.code.excluded import EXCLUSIONS
from sg_assets.code.modules import Definition
from sg_assets.code.stored_listing import Listing, read_listing
from sg_assets.lineage.changed_values import text_diff
from sg_assets.store.store import Store
from sg_assets.store.stored_sources import behind

_RENAMED: Final = 0.8
"""How alike the normal forms of two definitions are that count as one under another name."""
Pair = tuple[Definition | None, Definition | None]


@dataclass(frozen=True)
class ChangedDefinition:
    """A definition that was edited, added or removed."""

    name: str
    """Where it stands, with its name before where that was different."""
    old: str | None
    """Its digest before; None where there was none."""
    new: str | None
    diff: str | None
    """Of its text; None where a text is not kept."""


@dataclass(frozen=True)
class _Side:
    listing: Listing
    analysis: Analysis | None
    """None where the package is not kept."""

    def form(self, definition: Definition) -> tuple[str, tuple[Definition, ...]] | None:
        """The text of a normal form and what it refers to; None where the source is not kept."""
        if self.analysis is None:
            return None
        try:
            form = self.analysis.form(definition)
        except (KeyError, SyntaxError):  # not kept, or written for another Python
            return None
        return form.text, (*form.references, *sorted(form.besides))

    def source(self, definition: Definition | None) -> str | None:
        if definition is None:
            return ""
        if self.analysis is None:
            return None
        try:
            return self.analysis.source(definition)
        except (KeyError, SyntaxError):
            return None


@lru_cache(maxsize=64)
def changed_definitions(store: Store, before: str, after: str) -> tuple[ChangedDefinition, ...]:
    """The definitions that make the difference between two listings.

    A definition whose digest moved only because of what it refers to is not among them. Where sources are not kept, all
    whose digests moved are.

    Args:
        store: Keeps the sources. Comparisons are remembered: an edit puts many partitions out of date at once.
        before: The text of a listing.
        after: The text of another.

    Raises:
        SgAssetsError: a listing is damaged.
    """
    old, new = (_side(store, text) for text in (before, after))
    pairs = list(_pairs(old, new))
    names = {item: two for item, two in pairs if item is not None and two is not None}
    names |= {item: item for item in old.listing.digests.keys() & new.listing.digests.keys() if item not in names}
    moved = [pair for pair in pairs if _digests(old, new, pair)[0] != _digests(old, new, pair)[1]]
    edited = [pair for pair in moved if None not in pair and _is_edited(old, new, pair, names)]
    return tuple(_changed(old, new, pair) for pair in edited or moved)


def _side(store: Store, text: str) -> _Side:
    listing = read_listing(text, "code/")
    package = behind(store, listing.package)
    return _Side(listing, None if package is None else Analysis(package, EXCLUSIONS))


def _pairs(old: _Side, new: _Side) -> Iterator[Pair]:
    """Definitions that are not equal on both sides: by name, then by their last name, then alone."""
    gone = _unequal(old.listing, new.listing)
    come = _unequal(new.listing, old.listing)
    for definition in sorted(gone & come):
        yield definition, definition
    left, right = sorted(gone - come), sorted(come - gone)
    for definition in left:
        same = max(right, key=partial(_likeness, old, new, definition), default=None)
        if same is not None and _likeness(old, new, definition, same) >= _RENAMED:
            right.remove(same)
            yield definition, same
        else:
            yield definition, None
    for definition in right:
        yield None, definition


def _likeness(old: _Side, new: _Side, before: Definition, after: Definition) -> float:
    """How alike two definitions of different names are, 0 to 1; by their last name alone, where that is the same, 1."""
    if before.name == after.name:
        return 1.0
    was, now = old.form(before), new.form(after)
    return 0.0 if was is None or now is None else SequenceMatcher(None, was[0], now[0], autojunk=False).quick_ratio()


def _unequal(item: Listing, other: Listing) -> set[Definition]:
    known = set(other.digests.values())
    return {definition for definition, digest in item.digests.items() if digest not in known}


def _digests(old: _Side, new: _Side, pair: Pair) -> tuple[str | None, str | None]:
    before, after = pair
    return (
        None if before is None else old.listing.digests.get(before),
        None if after is None else new.listing.digests.get(after),
    )


def _is_edited(old: _Side, new: _Side, pair: Pair, names: dict[Definition, Definition]) -> bool:
    """Whether the definition itself differs, or refers to others than before."""
    before, after = pair
    if before is None or after is None:
        return True
    was, now = old.form(before), new.form(after)
    if was is None or now is None:
        return True
    if was[0] != now[0] or len(was[1]) != len(now[1]):
        return True
    return any(_other(old, new, item, two, names) for item, two in zip(was[1], now[1], strict=True))


def _other(old: _Side, new: _Side, item: Definition, two: Definition, names: dict[Definition, Definition]) -> bool:
    """Whether two references lead to different definitions, renamed ones apart."""
    return names.get(item, item) != two and old.listing.digests.get(item) != new.listing.digests.get(two)


def _changed(old: _Side, new: _Side, pair: Pair) -> ChangedDefinition:
    before, after = pair
    name = " -> ".join(dict.fromkeys(str(item) for item in pair if item is not None))
    then, here = old.source(before), new.source(after)
    diff = None if then is None or here is None else text_diff(name, then, here)
    was, now = _digests(old, new, pair)
    return ChangedDefinition(name, was, now, diff)
