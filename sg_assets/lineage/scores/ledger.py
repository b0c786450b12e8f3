"""The exact accounting of a score's change: what items that came, went and changed each add to it. No model is asked.

With A the items before, B those after and S those in both, a mean over A moves to one over B in three steps::

    mean(B, after) - mean(A, before) = [mean(S, before) - mean(A, before)]              items removed
                                     + sum over S of (value after - value before) / |S|    by what changed of the item
                                     + [mean(B, after) - mean(S, after)]                items added

The middle sum is split by the first thing that differs: the prompt, else the answer, else a judge's raw score, else the
flag that its threshold raises, else what the metric makes of the flags. So the parts add up to the change, and they do
to the last digit: values are added as fractions. Where no item is in both, the means over S count as 0.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

import polars as pl

from sg_assets.errors import SgAssetsError
from sg_assets.statistics.items import GROUP

EVIDENCE = ("prompt", "response", "score", "flag")
"""What is known of an item besides its value: prompt and answer, or digests of them; the raw scores and the flags
behind the value, in any form that is equal only for equal ones. A missing prompt: nothing is known."""


class Part(StrEnum):
    """What a share of a change comes from."""

    REMOVED = "items removed"
    """The item counts before and not after: it is gone, is not answered, or has another label."""

    PROMPT = "prompt changed"
    """The item's prompt is another text; its answer may be too."""

    ANSWER = "answer changed"
    """The same prompt was answered otherwise."""

    JUDGE = "verdict changed: judge"
    """The same answer has another raw score."""

    THRESHOLD = "verdict changed: threshold"
    """The same raw score raises another flag."""

    METRIC = "metric changed"
    """The same flags make another value."""

    UNKNOWN = "not known"
    """The item is in both, and its prompt, answer or score of one side is lost, or none is behind the score."""

    ADDED = "items added"
    """The item counts after and not before."""


_CHANGED = {Part.PROMPT: "prompt", Part.ANSWER: "response", Part.JUDGE: "score", Part.THRESHOLD: "flag"}


@dataclass(frozen=True)
class Entry:
    """One part of a change."""

    part: Part
    items: int
    """Items it is about, whether their value moved or not."""
    up: int
    """Those whose value rose; of items added and removed: 0."""
    down: int
    """Those whose value fell."""
    change: Fraction
    """What it adds to the score."""


@dataclass(frozen=True)
class ScoreChange:
    """The ledger of one metric on one slice."""

    metric: str
    slice: str
    before: Fraction
    """The mean before."""
    after: Fraction
    n_before: int
    """Items before."""
    n_after: int
    shared: int
    """Items in both."""
    entries: tuple[Entry, ...]
    """Parts with items, in the order of ``Part``. Items in both of which nothing changed are in none."""

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
    kept = [*GROUP, "item_id", "value", *EVIDENCE]
    joined = before.select(kept).join(
        after.select(kept), on=[*GROUP, "item_id"], how="full", suffix="_after", coalesce=True
    )
    counted = joined.group_by(*GROUP, part_of_item().alias("part"), "value", "value_after").len("items").sort(pl.all())
    groups: dict[tuple[str, str], list[_Same]] = {}
    for metric, slice_, part, was, now, items in counted.rows():
        same = _Same(part, _exact(was), _exact(now), items)
        groups.setdefault((metric, slice_), []).append(same)
    changes = (_account(metric, slice_, found) for (metric, slice_), found in groups.items())
    return tuple(one for one in changes if one is not None)


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
        Part.ADDED: pl.col("value").is_null(),
        Part.REMOVED: pl.col("value_after").is_null(),
        Part.UNKNOWN: lost & differs,
        **{part: ~lost & pl.col(name).ne_missing(pl.col(f"{name}_after")) for part, name in _CHANGED.items()},
        Part.METRIC: ~lost & differs,
    }
    return pl.coalesce(pl.when(case).then(pl.lit(part.value)) for part, case in cases.items())


@dataclass(frozen=True)
class _Same:
    """Items of one metric and slice with the same values, of which the same differs."""

    part: str | None
    was: Fraction | None
    now: Fraction | None
    items: int

    @property
    def step(self) -> Fraction:
        """What each item's value moved by; 0 where it is on one side only."""
        return Fraction(0) if self.was is None or self.now is None else self.now - self.was


def _exact(value: float | None) -> Fraction | None:
    return None if value is None else Fraction(value)


def _account(metric: str, slice_: str, groups: list[_Same]) -> ScoreChange | None:
    """None where one side has no item."""
    old, n_old = _mean((one.was, one.items) for one in groups)
    new, n_new = _mean((one.now, one.items) for one in groups)
    if not n_old or not n_new:
        return None
    both = [one for one in groups if one.was is not None and one.now is not None]
    was, shared = _mean((one.was, one.items) for one in both)
    now, _ = _mean((one.now, one.items) for one in both)
    of_sides = {Part.REMOVED: was - old, Part.ADDED: new - now}
    entries = []
    for part in Part:
        found = [one for one in groups if one.part == part.value]
        if found:
            moved = sum((one.step * one.items for one in found), start=Fraction(0))
            entries.append(_entry(part, found, of_sides[part] if part in of_sides else moved / shared))
    return ScoreChange(metric, slice_, old, new, n_old, n_new, shared, tuple(entries))


def _mean(counted: Iterable[tuple[Fraction | None, int]]) -> tuple[Fraction, int]:
    """The mean of values with their counts and how many there are; 0 of none."""
    there = [(value, items) for value, items in counted if value is not None]
    n = sum(items for _, items in there)
    total = sum((value * items for value, items in there), start=Fraction(0))
    return (total / n if n else Fraction(0)), n


def _entry(part: Part, groups: list[_Same], change: Fraction) -> Entry:
    up = sum(one.items for one in groups if one.step > 0)
    down = sum(one.items for one in groups if one.step < 0)
    return Entry(part, sum(one.items for one in groups), up, down, change)
