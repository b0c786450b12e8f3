"""What moves between two variants: paired differences on the items both were asked, and the questions they answer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import polars as pl

from sg_assets.reports.comparability import Measure, measured_otherwise
from sg_assets.reports.results import MetricColumn, Unit
from sg_assets.statistics.paired import PairedDifference, paired_difference
from sg_assets.statistics.replicates import OVER_RUNS, Run, over_runs

Asks = Literal["higher", "lower", "different"]


@dataclass(frozen=True)
class Question:
    """What is asked of two variants' scores."""

    question: str
    """In words; for a column of the table its title."""
    variant: str
    against: str
    """The difference is ``variant`` minus ``against``."""
    benchmark: str
    metric: str
    slice: str
    asks: Asks
    """Which way a yes lies."""
    unit: Unit = "share"
    """How the difference is written."""


@dataclass(frozen=True)
class Change:
    """The answer to a question: a paired difference with its interval, or why there is none."""

    asked: Question
    found: PairedDifference | None
    """None where ``remark`` says why."""
    remark: str = ""
    """Why two scores give no difference."""
    runs: tuple[float, ...] = ()
    """The difference of every training, where a side was trained several times; then ``found`` is over all of them."""

    @property
    def answer(self) -> str:
        """The answer in words: yes, no, the other way round, not seen, or cannot tell."""
        found = self.found
        if found is None or found.difference is None or found.low is None:
            return "cannot tell"
        if not found.is_more_than_noise:
            return "not seen"
        moved = "higher" if found.difference > 0 else "lower"
        if self.asked.asks in (moved, "different"):
            return "yes"
        return "no, the other way round"


@dataclass(frozen=True)
class Measured:
    """A variant's score, item by item."""

    items: pl.DataFrame
    """Rows of ``scores/<benchmark>_items`` of one variant."""
    measure: Measure
    """What it was measured with; only alike measured scores are compared."""
    runs: tuple[pl.DataFrame, ...] = ()
    """Items of further trainings, measured alike, by seed."""
    trained: bool = False
    """Whether it is of a model that was trained here, and so would be another with another seed."""


def against(other: str, columns: Iterable[MetricColumn], variants: Iterable[str]) -> list[Question]:
    """Every column asked of every variant, whether it is better than one other."""
    asked = tuple(columns)
    return [
        Question(one.title, variant, other, one.benchmark, one.metric, one.slice, one.better, one.unit)
        for variant in variants
        if variant != other
        for one in asked
    ]


def answered(question: Question, scores: Mapping[tuple[str, str], Measured]) -> Change:
    """The paired difference a question asks for.

    Args:
        question: What is asked.
        scores: By benchmark and variant; what is missing was not scored.
    """
    after, before = (scores.get((question.benchmark, name)) for name in (question.variant, question.against))
    if after is None or before is None:
        missing = question.variant if after is None else question.against
        return Change(question, None, f"{missing} is not scored")
    otherwise = measured_otherwise(after.measure, before.measure)
    if otherwise:
        return Change(question, None, f"not comparable: measured with other {', '.join(otherwise)}")
    about = (pl.col("metric") == question.metric) & (pl.col("slice") == question.slice)
    pairs = [(left.filter(about), right.filter(about)) for left, right in _pairs(before, after)]
    if any(side.is_empty() for side in pairs[0]):
        return Change(question, None, f"no item has {question.metric} of {question.slice}")
    found = [paired_difference(*pair) for pair in pairs]
    return Change(question, found[0]) if len(found) == 1 else _over(question, found)


def _pairs(before: Measured, after: Measured) -> list[tuple[pl.DataFrame, pl.DataFrame]]:
    """The items to compare, training by training.

    A model that is not trained meets every training of the other. One that was trained once meets only the other's
    first: the rest are of chains it is no part of.
    """
    if any(one.trained and not one.runs for one in (before, after)):
        return [(before.items, after.items)]
    sides = [(one.items, *one.runs) for one in (before, after)]
    count = max(map(len, sides))
    left, right = (side * count if len(side) == 1 else side for side in sides)
    return list(zip(left, right, strict=False))


def _over(question: Question, found: Sequence[PairedDifference]) -> Change:
    """The differences of several trainings as one."""
    first = found[0]
    given = [Run(one.difference, one.low, one.high) for one in found if one.difference is not None]
    if len(given) < len(found):
        return Change(question, first)
    over = over_runs(given, first.level)
    method = OVER_RUNS.format(len(given))
    whole = replace(first, difference=over.value, se=None, low=over.low, high=over.high, method=method)
    return Change(question, whole, runs=tuple(run.value for run in given))
