"""What moves between two variants: paired differences on the items both were asked, and the questions they answer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import polars as pl

from sg_assets.reports.measures import Measure, measured_otherwise
from sg_assets.reports.results import MetricColumn, Unit
from sg_assets.statistics.paired import PairedDifference, paired_difference

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
    left, right = before.items.filter(about), after.items.filter(about)
    if left.is_empty() or right.is_empty():
        return Change(question, None, f"no item has {question.metric} of {question.slice}")
    return Change(question, paired_difference(left, right))
