"""Tests of objectives: a bound on a score, or on its difference from base, against the interval."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import polars as pl

from sg_assets.leaderboard.paired_items import PAIRED, Scales
from sg_assets.leaderboard.score_changes import VariantScores, paired_changes
from sg_assets.leaderboard.scores import NORMALISED
from sg_assets.reports.results import Unit
from sg_assets.statistics.paired import paired_difference
from sg_assets.statistics.replicates import OVER_RUNS, Run, over_runs

Outcome = Literal["met", "not met", "not enough data"]


@dataclass(frozen=True)
class Bound:
    """An objective as a bound on a number."""

    objective: str
    kind: str
    benchmark: str
    metric: str
    slice: str
    against_base: bool
    at_most: float | None
    at_least: float | None
    blocks_release: bool
    unit: Unit


@dataclass(frozen=True)
class Scored:
    """A variant's scores of one benchmark."""

    estimates: pl.DataFrame
    """Rows of ``scores/<benchmark>``."""
    items: pl.DataFrame
    """Rows of ``scores/<benchmark>_items``."""
    scales: Scales | None = None
    """Of the leaderboard: what turns its items' raw shares into scores."""
    runs: "tuple[Scored, ...]" = ()
    """The scores of further trainings of the variant."""


@dataclass(frozen=True)
class BoundedNumber:
    """A number with its interval."""

    value: float
    low: float | None
    high: float | None
    n: int
    method: str
    runs: tuple[float, ...] = ()
    """The number of every training, where there were several."""


def findings(
    bounds: list[Bound], variant: Mapping[str, Scored], base: Mapping[str, Scored] | None
) -> list[dict[str, object]]:
    """A result row per objective that applies.

    Args:
        bounds: The objectives.
        variant: The variant's scores by benchmark.
        base: Base's; None for base itself, which is not compared with itself.
    """
    rows = []
    for bound in bounds:
        if bound.against_base and base is None:
            continue
        number = _bounded_number(bound, variant[bound.benchmark], None if base is None else base[bound.benchmark])
        outcome: Outcome = "not enough data" if number is None else judged(bound, number)
        rows.append(
            {
                "objective": bound.objective,
                "finding": f"{outcome}: {_finding_text(bound, number)}",
                "kind": bound.kind,
                "outcome": outcome,
                "blocks_release": bound.blocks_release,
                "value": number and number.value,
                "low": number and number.low,
                "high": number and number.high,
                "n": 0 if number is None else number.n,
                "method": "" if number is None else number.method,
            }
        )
    return rows


def judged(bound: Bound, found: BoundedNumber) -> Outcome:
    """Met or not met if the whole interval is on one side of the bound; without an interval not enough data."""
    if found.low is None or found.high is None:
        return "not enough data"
    if bound.at_most is not None:
        inside, outside = found.high <= bound.at_most, found.low > bound.at_most
    else:
        least = bound.at_least or 0.0
        inside, outside = found.low >= least, found.high < least
    return "met" if inside else "not met" if outside else "not enough data"


def _bounded_number(bound: Bound, variant: Scored, base: Scored | None) -> BoundedNumber | None:
    """The number that a bound is on; over all trainings if there are several."""
    every = [_of_run(bound, scored, base) for scored in (variant, *variant.runs)]
    given = [number for number in every if number is not None]
    if len(given) < len(every) or len(given) == 1:
        return every[0]
    over = over_runs([Run(number.value, number.low, number.high) for number in given])
    method, runs = OVER_RUNS.format(len(given)), tuple(number.value for number in given)
    low, high = (_bounded(end, bound) for end in (over.low, over.high))
    return BoundedNumber(over.value, low, high, given[0].n, method, runs)


def _bounded(end: float | None, bound: Bound) -> float | None:
    """An end of an interval, kept between 0 and 1 if the bound is on a share."""
    if end is None or bound.unit != "share" or bound.against_base:
        return end
    return min(1.0, max(0.0, end))


def _of_run(bound: Bound, variant: Scored, base: Scored | None) -> BoundedNumber | None:
    about = (pl.col("metric") == bound.metric) & (pl.col("slice") == bound.slice)
    own = variant.estimates.filter(about)
    if own.is_empty():
        return None
    row = own.row(0, named=True)
    if not bound.against_base or base is None:
        return BoundedNumber(row["value"], row["low"], row["high"], row["n"], row["method"])
    before, after = base.items.filter(about), variant.items.filter(about)
    if before.is_empty() or after.is_empty():
        return _skill(bound, base, variant)
    paired = paired_difference(before, after)
    if paired.difference is None:
        return None
    return BoundedNumber(paired.difference, paired.low, paired.high, paired.n_shared, paired.method)


def _skill(bound: Bound, base: Scored, own: Scored) -> BoundedNumber | None:
    """A leaderboard score's difference: its items hold raw shares, not the score."""
    if base.scales is None or own.scales is None:
        return None
    sides = (
        VariantScores(scored.estimates, scored.items, scored.scales)
        for scored in (base, own)
        if scored.scales is not None
    )
    change = next((task for task in paired_changes(*sides) if task.slice == bound.slice), None)
    if change is None or bound.metric != NORMALISED:
        return None
    row = own.estimates.filter(metric=bound.metric, slice=bound.slice)
    return BoundedNumber(change.difference, change.low, change.high, row["n"].item(), PAIRED)


def _finding_text(bound: Bound, found: BoundedNumber | None) -> str:
    limit = bound.at_most if bound.at_most is not None else bound.at_least or 0.0
    word = "at most" if bound.at_most is not None else "at least"
    wanted = f"{word} {_written(limit, bound)} wanted"
    if found is None:
        return f"not scored; {wanted}"
    interval = found.method if found.low is None or found.high is None else (
        f"{_written(found.low, bound)} to {_written(found.high, bound)}"
    )  # fmt: skip
    runs = ", ".join(_written(run, bound) for run in found.runs)
    trained = f"; {len(found.runs)} trainings: {runs}" if runs else ""
    return f"{_written(found.value, bound)} ({interval}, n {found.n}{trained}); {wanted}"


def _written(number: float, bound: Bound) -> str:
    """A share in per cent, its difference in points; signed where it is a difference."""
    digits = 2 if bound.unit == "cosine" else 1
    shown = f"{100 * number if bound.unit == 'share' else number:{'+' if bound.against_base else ''}.{digits}f}"
    if bound.unit != "share":
        return shown
    return f"{shown} points" if bound.against_base else f"{shown} %"
