"""The exact accounting of a score's change: what added, removed and changed items each add to it. No model is called.

With A the items before, B those after and S those in both, a mean over A moves to one over B in three steps::

    mean(B, after) - mean(A, before) = [mean(S, before) - mean(A, before)]              items removed
                                     + sum over S of (value after - value before) / |S|    by what changed of the item
                                     + [mean(B, after) - mean(S, after)]                items added

The middle sum is split by the first thing that differs: the prompt, else the answer, else a judge's raw score, else the
flag that its threshold raises, else what the metric makes of the flags. So the parts add up to the change, and they do
to the last digit: values are added as fractions. Where no item is in both, the means over S count as 0.
"""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

import polars as pl

from sg_assets.errors import SgAssetsError
from sg_assets.lineage.scores.exact_mean import counted_mean
from sg_assets.statistics.items import GROUP

EVIDENCE = ("prompt", "response", "score", "flag")
"""What is known of an item besides its value: prompt and answer, or digests of them; the raw scores and the flags
behind the value, in any form that is equal only for equal ones. A missing prompt: nothing is known."""


class LedgerPart(StrEnum):
    """Why an item counts in a change."""

    REMOVED = "items removed"
    """The item counts before and not after: it was removed, is not answered, or has another label."""

    PROMPT = "prompt changed"
    """The item's prompt is another text; its answer may be too."""

    ANSWER = "answer changed"
    """The same prompt has another answer."""

    JUDGE = "verdict changed: judge"
    """The same answer has another raw score."""

    THRESHOLD = "verdict changed: threshold"
    """The same raw score raises another flag."""

    METRIC = "metric changed"
    """The same flags make another value."""

    UNKNOWN = "not known"
    """The item is in both, and its prompt, answer or score of one version is lost, or the score rests on none."""

    ADDED = "items added"
    """The item counts after and not before."""


_CHANGED = {
    LedgerPart.PROMPT: "prompt",
    LedgerPart.ANSWER: "response",
    LedgerPart.JUDGE: "score",
    LedgerPart.THRESHOLD: "flag",
}


@dataclass(frozen=True)
class LedgerEntry:
    """One part of a change, summed over its items."""

    part: LedgerPart
    items: int
    """Items of this part, whether their value moved or not."""
    up: int
    """Items whose value rose; 0 for items added and removed."""
    down: int
    """Items whose value fell."""
    change: Fraction
    """What the part adds to the score."""


@dataclass(frozen=True)
class ScoreChange:
    """The ledger of one metric on one slice."""

    metric: str
    slice: str
    before: Fraction
    """The mean before."""
    after: Fraction
    """The mean after."""
    n_before: int
    """Items before."""
    n_after: int
    shared: int
    """Items in both."""
    entries: tuple[LedgerEntry, ...]
    """Parts with items, in the order of ``Part``. Unchanged items are in no part."""

    @property
    def change(self) -> Fraction:
        """After less before: the sum of the entries' changes, exactly."""
        return self.after - self.before

    @property
    def whole(self) -> bool:
        """Whether it is about a whole label; parts of one are named ``label:part``."""
        return ":" not in self.slice


def ledger(before: pl.DataFrame, after: pl.DataFrame) -> tuple[ScoreChange, ...]:
    """Account for every metric and slice that both sides have, sorted by them.

    Args:
        before: metric, slice, item_id, value, and what is known of each item (``EVIDENCE``).
        after: The same of the later version.

    Raises:
        SgAssetsError: an item occurs twice within a metric and slice.
    """
    for side in (before, after):
        _refuse_repeated(side)
    columns = [*GROUP, "item_id", "value", *EVIDENCE]
    joined = before.select(columns).join(
        after.select(columns), on=[*GROUP, "item_id"], how="full", suffix="_after", coalesce=True
    )
    counted = joined.group_by(*GROUP, part_of_item().alias("part"), "value", "value_after").len("items").sort(pl.all())
    groups: dict[tuple[str, str], list[_EqualItems]] = {}
    for metric, slice_, part, was, now, items in counted.rows():
        equal_items = _EqualItems(part, _exact(was), _exact(now), items)
        groups.setdefault((metric, slice_), []).append(equal_items)
    changes = (_account(metric, slice_, equal_items) for (metric, slice_), equal_items in groups.items())
    return tuple(change for change in changes if change is not None)


def _refuse_repeated(side: pl.DataFrame) -> None:
    twice = side.filter(pl.struct(*GROUP, "item_id").is_duplicated())
    if not twice.is_empty():
        metric, slice_, item = twice.select(*GROUP, "item_id").row(0)
        raise SgAssetsError(f"item {item} occurs twice in {metric} on {slice_}", why="it would count twice")


def part_of_item() -> pl.Expr:
    """The part an item is in, by the first thing that differs of its two sides (``x`` and ``x_after``); null: none."""
    differs = pl.col("value").ne(pl.col("value_after"))
    lost = pl.col("prompt").is_null() | pl.col("prompt_after").is_null()
    cases = {
        LedgerPart.ADDED: pl.col("value").is_null(),
        LedgerPart.REMOVED: pl.col("value_after").is_null(),
        LedgerPart.UNKNOWN: lost & differs,
        **{part: ~lost & pl.col(name).ne_missing(pl.col(f"{name}_after")) for part, name in _CHANGED.items()},
        LedgerPart.METRIC: ~lost & differs,
    }
    return pl.coalesce(pl.when(case).then(pl.lit(part.value)) for part, case in cases.items())


@dataclass(frozen=True)
class _EqualItems:
    """Items of one metric and slice that have the same values and the same part."""

    part: str | None
    was: Fraction | None
    now: Fraction | None
    items: int

    @property
    def step(self) -> Fraction:
        """What each item's value moved by; 0 for items of one version only."""
        return Fraction(0) if self.was is None or self.now is None else self.now - self.was


def _exact(value: float | None) -> Fraction | None:
    return None if value is None else Fraction(value)


def _account(metric: str, slice_: str, groups: list[_EqualItems]) -> ScoreChange | None:
    """The ledger of a metric and slice; None where one side has no item."""
    old, n_old = counted_mean((group.was, group.items) for group in groups)
    new, n_new = counted_mean((group.now, group.items) for group in groups)
    if not n_old or not n_new:
        return None
    both = [group for group in groups if group.was is not None and group.now is not None]
    was, shared = counted_mean((group.was, group.items) for group in both)
    now, _ = counted_mean((group.now, group.items) for group in both)
    of_sides = {LedgerPart.REMOVED: was - old, LedgerPart.ADDED: new - now}
    entries = []
    for part in LedgerPart:
        of_part = [group for group in groups if group.part == part.value]
        if of_part:
            moved = sum((group.step * group.items for group in of_part), start=Fraction(0))
            entries.append(_entry(part, of_part, of_sides[part] if part in of_sides else moved / shared))
    return ScoreChange(metric, slice_, old, new, n_old, n_new, shared, tuple(entries))


def _entry(part: LedgerPart, groups: list[_EqualItems], change: Fraction) -> LedgerEntry:
    up = sum(group.items for group in groups if group.step > 0)
    down = sum(group.items for group in groups if group.step < 0)
    return LedgerEntry(part, sum(group.items for group in groups), up, down, change)
