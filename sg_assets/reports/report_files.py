"""A report as files beside its page, for the UI and the terminal to show again."""

import dataclasses
from collections.abc import Collection
from pathlib import Path

import polars as pl
from pydantic import TypeAdapter

from sg_assets.leaderboard.score_changes import ScoreChange as TaskChange
from sg_assets.reports.paired_changes import Change
from sg_assets.reports.render.page import Further, Held, Reference, Report
from sg_assets.reports.render.panels import PanelFigure
from sg_assets.reports.results import Estimate, MetricColumn, ResultRow, Results
from sg_assets.reports.training_costs import Cost


@dataclasses.dataclass(frozen=True)
class _Cell:
    """A number with its row and column, as a file holds it."""

    variant: str
    column: MetricColumn
    estimate: Estimate


@dataclasses.dataclass(frozen=True)
class _Kept:
    """A report without mappings keyed by records, which JSON has not."""

    columns: tuple[MetricColumn, ...]
    rows: tuple[tuple[str, str, str], ...]
    """Variant, description and method."""
    cells: tuple[_Cell, ...]
    gains: tuple[Change, ...]
    answers: tuple[Change, ...]
    costs: tuple[Cost, ...]
    skills: dict[str, tuple[TaskChange, ...]]
    objectives: dict[str, tuple[Held, ...]]
    figures: tuple[PanelFigure, ...] = ()
    further: tuple[Further, ...] = ()
    references: tuple[Reference, ...] = ()


_FILE = TypeAdapter(_Kept)


def write_report(report: Report, folder: Path) -> None:
    """Write ``report.json``, and ``scores.parquet`` for those who compute on."""
    shown = report.results
    cells = tuple(
        _Cell(row.variant, column, found)
        for row in shown.rows
        for column in shown.columns
        if (found := row.estimates[column]) is not None
    )
    rows = tuple((row.variant, row.description, row.method) for row in shown.rows)
    skills = {variant: tuple(found) for variant, found in report.skills.items()}
    held = {variant: tuple(found) for variant, found in report.objectives.items()}
    told = (
        tuple(report.gains), tuple(report.answers), tuple(report.costs.values()), skills, held,
        tuple(report.figures), tuple(report.further), tuple(report.references),
    )  # fmt: skip
    kept = _Kept(shown.columns, rows, cells, *told)
    (folder / "report.json").write_bytes(_FILE.dump_json(kept, indent=1))
    flat = [
        {"variant": one.variant, **dataclasses.asdict(one.column), **dataclasses.asdict(one.estimate)} for one in cells
    ]
    pl.DataFrame(flat, infer_schema_length=None).write_parquet(folder / "scores.parquet", compression="zstd")


def read_report(folder: Path, variants: Collection[str]) -> Report:
    """Read a report again, of some variants: one whose declaration is gone is not shown any more."""
    kept = _FILE.validate_json((folder / "report.json").read_bytes())
    found = {(one.variant, one.column): one.estimate for one in kept.cells}
    rows = tuple(
        ResultRow(name, description, method, {column: found.get((name, column)) for column in kept.columns})
        for name, description, method in kept.rows
        if name in variants
    )
    return Report(
        Results(kept.columns, rows),
        [one for one in kept.gains if one.asked.variant in variants],
        [one for one in kept.answers if {one.asked.variant, one.asked.against} <= set(variants)],
        {one.variant: one for one in kept.costs if one.variant in variants},
        {variant: found for variant, found in kept.skills.items() if variant in variants},
        {variant: found for variant, found in kept.objectives.items() if variant in variants},
        [_of(one, variants) for one in kept.figures],
        [one for one in kept.further if {one.variant, one.parent} <= set(variants)],
        [one for one in kept.references if one.variant in variants],
    )


def _of(figure: PanelFigure, variants: Collection[str]) -> PanelFigure:
    shown = tuple(name for name in figure.variants if name in variants)
    return dataclasses.replace(figure, variants=shown)
