"""Data of the declared figures: their panels, from scores, changes, likeness, losses and costs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from sg_assets.declarations.records.figures import DeclaredFigure, PublishedNumber
from sg_assets.leaderboard.score_changes import ScoreChange as TaskChange
from sg_assets.reports.paired_changes import VariantChange
from sg_assets.reports.render.panels import Mark, Panel, PanelFigure
from sg_assets.reports.results import Estimate, MetricColumn, ResultRow, Results, Unit
from sg_assets.reports.training_costs import TrainingCost

SCALE: Mapping[Unit, float] = {"share": 100.0, "score": 1.0, "cosine": 1.0}
"""The factor between a value and its written form."""
_UNITS: Mapping[Unit, str] = {"share": "% of prompts", "score": "0 to 100", "cosine": "cosine"}
_INTERVALS = "Lines: 95 % intervals, clustered on the source text."
_CAPTIONS = {
    "scores": _INTERVALS,
    "skills": "Open LLM Leaderboard v2, change against base in per cent of base's score. Lines: 95 % intervals, paired"
    " by item, base's score taken as it is. A task where base has 0 is left out.",
    "likeness": "Cosine similarity of the embeddings of base's answer and the variant's. Dot: mean over prompts;"
    " thick: the middle half of the prompts; thin: from the 5th to the 95th of a hundred.",
    "losses": "In the loss of the method, after training. A gap that grows with the rank says that rows are learned by"
    " heart. No interval: one training each.",
    "worth": "Differences from base, paired, with 95 % intervals clustered on the source text; time and tokens of all"
    " trainings it rests on.",
}
_RUNS = " Ticks below a dot: the same of each training, seed by seed."
_PUBLISHED = " Open diamonds: as published."


@dataclass(frozen=True)
class FigureInputs:
    """The data that figures are filled from."""

    results: Results
    skills: Mapping[str, Sequence[TaskChange]]
    """The leaderboard's tasks against base, by variant."""
    likeness: Mapping[str, pl.DataFrame]
    """Items of ``scores/divergence`` by variant: ``slice`` and ``value``."""
    trainings: Mapping[str, Mapping[str, Any]]
    """Details of each variant's own training: ``dev_loss`` and ``train_dev_gap``."""
    gains: Sequence[VariantChange]
    """Differences from base."""
    costs: Mapping[str, TrainingCost]
    published: Sequence[PublishedNumber] = ()


def filled(figures: Iterable[DeclaredFigure], found: FigureInputs) -> list[PanelFigure]:
    """Figures with their panels; a figure without any number is left out."""
    rows = {row.variant: row for row in found.results.rows}
    drawn = []
    for figure in figures:
        shown = [rows[name] for name in figure.variants if name in rows]
        panels = [panel for panel in _panels(figure, shown, found) if panel.marks]
        if panels:
            named = tuple(row.variant for row in shown)
            drawn.append(PanelFigure(figure.id, figure.title, _caption(figure, panels), named, tuple(panels)))
    return drawn


def _panels(figure: DeclaredFigure, rows: Sequence[ResultRow], found: FigureInputs) -> list[Panel]:
    if figure.kind == "scores":
        return [_score(rows, column, found.published) for column in _columns(figure, found.results)]
    if figure.kind == "skills":
        return _skills(rows, found)
    if figure.kind == "likeness":
        return _likeness(rows, found.likeness)
    if figure.kind == "losses":
        return _losses(rows, found.trainings)
    return _worth(figure, rows, found)


def _caption(figure: DeclaredFigure, panels: Sequence[Panel]) -> str:
    marks = [mark for panel in panels for mark in panel.marks]
    text = _CAPTIONS[figure.kind]
    text += _RUNS if any(mark.runs for mark in marks) else ""
    text += _PUBLISHED if any(mark.published is not None for mark in marks) else ""
    return text + (" Hollow: not comparable." if any(mark.remark for mark in marks) else "")


def _columns(figure: DeclaredFigure, results: Results) -> list[MetricColumn]:
    by_score = {(score.benchmark, score.metric, score.slice): score for score in results.columns}
    named = ((score.benchmark, score.metric, score.slice) for score in figure.scores)
    return [by_score[name] for name in named if name in by_score]


def _score(rows: Sequence[ResultRow], column: MetricColumn, published: Sequence[PublishedNumber]) -> Panel:
    published_values = {
        number.variant: number.value for number in published if _is_of(number, column) and number.value is not None
    }
    marks = tuple(
        _mark(row, estimate, published_values.get(row.variant))
        for row in rows
        if (estimate := row.estimates[column]) is not None
    )
    return Panel(column.title, _UNITS[column.unit], marks, digits=2 if column.unit == "cosine" else 1)


def _is_of(number: PublishedNumber, column: MetricColumn) -> bool:
    return (number.benchmark, number.metric, number.slice) == (column.benchmark, column.metric, column.slice)


def _mark(row: ResultRow, found: Estimate, published: float | None) -> Mark:
    scale = SCALE[found.unit]
    return Mark(
        row.variant, row.method, scale * found.value, _times(found.low, scale), _times(found.high, scale),
        runs=tuple(scale * run for run in found.runs), published=_times(published, scale), remark=found.remark,
    )  # fmt: skip


def _times(number: float | None, scale: float) -> float | None:
    return None if number is None else scale * number


def _skills(rows: Sequence[ResultRow], found: FigureInputs) -> list[Panel]:
    published_changes = {
        (number.variant, number.slice): 100 * number.change
        for number in found.published
        if number.benchmark == "leaderboard" and number.change is not None
    }
    names = dict.fromkeys(change.slice for row in rows for change in found.skills.get(row.variant, ()))
    return [
        Panel(
            name, "% of base's score",
            tuple(
                _task(row, change, published_changes.get((row.variant, name)))
                for row in rows
                for change in found.skills.get(row.variant, ())
                if change.slice == name and change.base
            ),
            zero=True,
        )
        for name in names
    ]  # fmt: skip


def _task(row: ResultRow, change: TaskChange, published: float | None) -> Mark:
    scale = 100 / change.base
    low, high = _times(change.low, scale), _times(change.high, scale)
    return Mark(row.variant, row.method, scale * change.difference, low, high, published=published)


def _likeness(rows: Sequence[ResultRow], items: Mapping[str, pl.DataFrame]) -> list[Panel]:
    methods = {row.variant: row.method for row in rows}
    spreads = [_spread(items[name]).with_columns(variant=pl.lit(name)) for name in methods if name in items]
    if not spreads:
        return []
    table = pl.concat(spreads)
    return [
        Panel(
            str(name).replace("_", " "), "cosine",
            tuple(
                Mark(row["variant"], methods[row["variant"]], row["mean"], row["low"], row["high"],
                     (row["first"], row["third"]))
                for row in part.iter_rows(named=True)
            ),
            digits=2,
        )
        for (name,), part in table.group_by("slice", maintain_order=True)
    ]  # fmt: skip


def _spread(items: pl.DataFrame) -> pl.DataFrame:
    value = pl.col("value")
    parts = {"low": 0.05, "first": 0.25, "third": 0.75, "high": 0.95}
    quantiles = [value.quantile(share, "linear").alias(name) for name, share in parts.items()]
    return items.group_by("slice").agg(value.mean().alias("mean"), *quantiles).sort("slice")


def _losses(rows: Sequence[ResultRow], trainings: Mapping[str, Mapping[str, Any]]) -> list[Panel]:
    def panel(title: str, name: str, *, zero: bool) -> Panel:
        values = ((row, trainings.get(row.variant, {}).get(name)) for row in rows)
        marks = tuple(Mark(row.variant, row.method, value) for row, value in values if value is not None)
        return Panel(title, "loss", marks, zero=zero, digits=3)

    return [
        panel("Loss on dev rows", "dev_loss", zero=False),
        panel("Dev loss minus training loss", "train_dev_gap", zero=True),
    ]


def _worth(figure: DeclaredFigure, rows: Sequence[ResultRow], found: FigureInputs) -> list[Panel]:
    gains = {
        (gain.asked.variant, gain.asked.benchmark, gain.asked.metric, gain.asked.slice): gain for gain in found.gains
    }
    panels = [
        Panel(
            column.title, "points against base" if column.unit == "share" else "against base",
            tuple(
                mark
                for row in rows
                if (mark := _gain(row, gains.get((row.variant, column.benchmark, column.metric, column.slice))))
            ),
            zero=True,
        )
        for column in _columns(figure, found.results)
    ]  # fmt: skip
    costs = [(row, found.costs[row.variant]) for row in rows if row.variant in found.costs]
    seconds = tuple(Mark(row.variant, row.method, cost.seconds_with_parents) for row, cost in costs if cost.seconds)
    tokens = tuple(Mark(row.variant, row.method, cost.tokens_with_parents / 1e3) for row, cost in costs if cost.tokens)
    return [
        *panels,
        Panel("Training time", "seconds", seconds, digits=0),
        Panel("Tokens trained on", "thousands", tokens, digits=0),
    ]


def _gain(row: ResultRow, change: VariantChange | None) -> Mark | None:
    difference = None if change is None else change.found
    if change is None or difference is None or difference.difference is None:
        return None
    scale = SCALE[change.asked.unit]
    low, high = _times(difference.low, scale), _times(difference.high, scale)
    return Mark(
        row.variant,
        row.method,
        scale * difference.difference,
        low,
        high,
        runs=tuple(scale * run for run in change.runs),
    )
