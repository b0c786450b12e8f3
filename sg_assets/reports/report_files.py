"""A report as files next to its page, for the UI and the terminal."""

import dataclasses
from collections.abc import Collection
from pathlib import Path

import polars as pl
from pydantic import TypeAdapter

from sg_assets.leaderboard.score_changes import ScoreChange as TaskChange
from sg_assets.reports.paired_changes import VariantChange
from sg_assets.reports.render.page import ContinuedTraining, ObjectiveOutcome, PublishedComparison, Report
from sg_assets.reports.render.panels import PanelFigure
from sg_assets.reports.results import Estimate, MetricColumn, ResultRow, Results
from sg_assets.reports.training_costs import TrainingCost


@dataclasses.dataclass(frozen=True)
class _Cell:
    """A number with its row and column, as stored."""

    variant: str
    column: MetricColumn
    estimate: Estimate


@dataclasses.dataclass(frozen=True)
class _StoredReport:
    """A report in the form of the file: JSON has no mappings keyed by records."""

    columns: tuple[MetricColumn, ...]
    rows: tuple[tuple[str, str, str], ...]
    """Variant, description and method."""
    cells: tuple[_Cell, ...]
    gains: tuple[VariantChange, ...]
    answers: tuple[VariantChange, ...]
    costs: tuple[TrainingCost, ...]
    skills: dict[str, tuple[TaskChange, ...]]
    objectives: dict[str, tuple[ObjectiveOutcome, ...]]
    figures: tuple[PanelFigure, ...] = ()
    further: tuple[ContinuedTraining, ...] = ()
    references: tuple[PublishedComparison, ...] = ()


_FILE = TypeAdapter(_StoredReport)


def write_report(report: Report, folder: Path) -> None:
    """Write ``report.json``, and ``scores.parquet`` for further computation."""
    shown = report.results
    cells = tuple(
        _Cell(row.variant, column, estimate)
        for row in shown.rows
        for column in shown.columns
        if (estimate := row.estimates[column]) is not None
    )
    rows = tuple((row.variant, row.description, row.method) for row in shown.rows)
    skills = {variant: tuple(values) for variant, values in report.skills.items()}
    outcomes = {variant: tuple(values) for variant, values in report.objectives.items()}
    parts = (
        tuple(report.gains), tuple(report.answers), tuple(report.costs.values()), skills, outcomes,
        tuple(report.figures), tuple(report.further), tuple(report.references),
    )  # fmt: skip
    stored = _StoredReport(shown.columns, rows, cells, *parts)
    (folder / "report.json").write_bytes(_FILE.dump_json(stored, indent=1))
    flat = [
        {"variant": cell.variant, **dataclasses.asdict(cell.column), **dataclasses.asdict(cell.estimate)}
        for cell in cells
    ]
    pl.DataFrame(flat, infer_schema_length=None).write_parquet(folder / "scores.parquet", compression="zstd")


def read_report(folder: Path, variants: Collection[str]) -> Report:
    """Read a report for some variants; a variant that is no longer declared is left out."""
    stored = _FILE.validate_json((folder / "report.json").read_bytes())
    estimates = {(entry.variant, entry.column): entry.estimate for entry in stored.cells}
    rows = tuple(
        ResultRow(name, description, method, {column: estimates.get((name, column)) for column in stored.columns})
        for name, description, method in stored.rows
        if name in variants
    )
    return Report(
        Results(stored.columns, rows),
        [entry for entry in stored.gains if entry.asked.variant in variants],
        [entry for entry in stored.answers if {entry.asked.variant, entry.asked.against} <= set(variants)],
        {entry.variant: entry for entry in stored.costs if entry.variant in variants},
        {variant: estimates for variant, estimates in stored.skills.items() if variant in variants},
        {variant: estimates for variant, estimates in stored.objectives.items() if variant in variants},
        [_of(entry, variants) for entry in stored.figures],
        [entry for entry in stored.further if {entry.variant, entry.parent} <= set(variants)],
        [entry for entry in stored.references if entry.variant in variants],
    )


def _of(figure: PanelFigure, variants: Collection[str]) -> PanelFigure:
    shown = tuple(name for name in figure.variants if name in variants)
    return dataclasses.replace(figure, variants=shown)
