"""Changes between two variants: paired differences on shared items, and the questions they answer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import polars as pl

from sg_assets.reports.comparability import Measure, measured_differently
from sg_assets.reports.results import MetricColumn, Unit
from sg_assets.statistics.paired import PairedDifference, paired_difference
from sg_assets.statistics.replicates import OVER_RUNS, Run, over_runs

Asks = Literal["higher", "lower", "different"]


@dataclass(frozen=True)
class Question:
    """A question about the scores of two variants."""

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
class VariantChange:
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
        difference = self.found
        if difference is None or difference.difference is None or difference.low is None:
            return "cannot tell"
        if not difference.is_more_than_noise:
            return "not seen"
        moved = "higher" if difference.difference > 0 else "lower"
        if self.asked.asks in (moved, "different"):
            return "yes"
        return "no, the other way round"


@dataclass(frozen=True)
class ItemScores:
    """A variant's score, item by item."""

    items: pl.DataFrame
    """Rows of ``scores/<benchmark>_items`` of one variant."""
    measure: Measure
    """The measure of the score; only scores with the same measure are compared."""
    runs: tuple[pl.DataFrame, ...] = ()
    """Items of further trainings with the same measure, by seed."""
    trained: bool = False
    """Whether the model was trained here, so that another seed would give another score."""


def against(other: str, columns: Iterable[MetricColumn], variants: Iterable[str]) -> list[Question]:
    """A question per variant and column: is the variant better than another variant?"""
    metrics = tuple(columns)
    return [
        Question(
            column.title, variant, other, column.benchmark, column.metric, column.slice, column.better, column.unit
        )
        for variant in variants
        if variant != other
        for column in metrics
    ]


def answered(question: Question, scores: Mapping[tuple[str, str], ItemScores]) -> VariantChange:
    """The paired difference a question asks for.

    Args:
        question: What is asked.
        scores: By benchmark and variant; a missing entry is not scored.
    """
    after, before = (scores.get((question.benchmark, name)) for name in (question.variant, question.against))
    if after is None or before is None:
        missing = question.variant if after is None else question.against
        return VariantChange(question, None, f"{missing} is not scored")
    differing = measured_differently(after.measure, before.measure)
    if differing:
        return VariantChange(question, None, f"not comparable: measured with other {', '.join(differing)}")
    about = (pl.col("metric") == question.metric) & (pl.col("slice") == question.slice)
    pairs = [(left.filter(about), right.filter(about)) for left, right in _pairs(before, after)]
    if any(side.is_empty() for side in pairs[0]):
        return VariantChange(question, None, f"no item has {question.metric} of {question.slice}")
    differences = [paired_difference(*pair) for pair in pairs]
    return VariantChange(question, differences[0]) if len(differences) == 1 else _over(question, differences)


def _pairs(before: ItemScores, after: ItemScores) -> list[tuple[pl.DataFrame, pl.DataFrame]]:
    """The items to compare, training by training.

    A model that is not trained meets every training of the other. One that was trained once meets only the other's
    first: the rest are of chains it is no part of.
    """
    if any(score.trained and not score.runs for score in (before, after)):
        return [(before.items, after.items)]
    sides = [(score.items, *score.runs) for score in (before, after)]
    count = max(map(len, sides))
    left, right = (side * count if len(side) == 1 else side for side in sides)
    return list(zip(left, right, strict=False))


def _over(question: Question, found: Sequence[PairedDifference]) -> VariantChange:
    """The differences of several trainings as one."""
    first = found[0]
    given = [
        Run(difference.difference, difference.low, difference.high)
        for difference in found
        if difference.difference is not None
    ]
    if len(given) < len(found):
        return VariantChange(question, first)
    over = over_runs(given, first.level)
    method = OVER_RUNS.format(len(given))
    whole = replace(first, difference=over.value, se=None, low=over.low, high=over.high, method=method)
    return VariantChange(question, whole, runs=tuple(run.value for run in given))
