"""The results as one self-contained HTML page: no script, nothing fetched, the same bytes for the same results."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sg_assets.errors import SgAssetsError
from sg_assets.leaderboard.score_changes import ScoreChange as TaskChange
from sg_assets.reports.paired_changes import VariantChange
from sg_assets.reports.render.figures import rates_figure
from sg_assets.reports.render.number_text import (
    MACHINE_MARK,
    MARK,
    NOT_SCORED,
    caption,
    change_interval,
    change_origin,
    difference,
    interval,
    marked,
    origin,
    runs,
    task_change,
    training_time,
    value,
)
from sg_assets.reports.render.panels import PanelFigure, panels_figure
from sg_assets.reports.render.scatter import axes_of, scatter_figure
from sg_assets.reports.results import Results, VersionNote
from sg_assets.reports.training_costs import TrainingCost
from sg_assets.text.templates import Filters, template

TEMPLATE = Path(__file__).with_name("page.html.j2")
_FILTERS: Filters = {
    "value": value,
    "interval": interval,
    "origin": origin,
    "marked": marked,
    "runs": runs,
    "difference": difference,
    "change_interval": change_interval,
    "change_origin": change_origin,
    "training_time": training_time,
    "task_change": task_change,
}


@dataclass(frozen=True)
class ObjectiveOutcome:
    """The outcome of an objective for a variant."""

    description: str
    outcome: str
    """met, not met, or not enough data."""
    finding: str
    """The outcome with its numbers."""


@dataclass(frozen=True)
class ContinuedTraining:
    """The changes by a training that continues another adapter."""

    variant: str
    parent: str
    changes: Sequence[VariantChange]
    """Headline scores, ``variant`` minus ``parent``."""
    seconds: float
    """Wall time of the continued training."""
    times_parent: float | None
    """This time as a multiple of the parent's own; None if that is not known."""


@dataclass(frozen=True)
class PublishedComparison:
    """A published number next to the score of this project."""

    variant: str
    title: str
    """Title of the score."""
    here: str
    """This project's number as text, with its interval."""
    published: str


@dataclass(frozen=True)
class Report:
    """The content of the report on a set of scores."""

    results: Results
    gains: Sequence[VariantChange]
    """Headline scores against base, variant by variant."""
    answers: Sequence[VariantChange]
    """The declared questions."""
    costs: Mapping[str, TrainingCost]
    """By variant."""
    skills: Mapping[str, Sequence[TaskChange]]
    """The leaderboard's tasks against base, by variant; empty if it was not run."""
    objectives: Mapping[str, Sequence[ObjectiveOutcome]]
    """Outcomes of each variant's objectives; empty if none is declared."""
    figures: Sequence[PanelFigure] = ()
    """The declared figures."""
    further: Sequence[ContinuedTraining] = ()
    """The changes by KTO and DPO over the SFT that they continue."""
    references: Sequence[PublishedComparison] = ()
    """Published numbers, if the profile names a publication."""


@dataclass(frozen=True)
class Figure:
    """A drawing with its caption."""

    svg: str
    caption: str


@dataclass(frozen=True)
class Facts:
    """Facts about the method and data behind the numbers."""

    method: Sequence[str] = ()
    """A sentence or two each."""
    data: Sequence[tuple[str, str, int]] = ()
    """Table, partition and rows of the inputs of the scores."""
    source: str = ""
    """The publication of the published numbers."""
    currency: str = ""
    """Currency of the prices."""


def page(
    report: Report,
    *,
    title: str,
    notes: Sequence[str],
    versions: Sequence[VersionNote],
    described: Mapping[str, str],
    facts: Facts,
) -> str:
    """The page as text.

    Args:
        report: What to show.
        title: heading of the page.
        notes: what a reader must know before the numbers, for example "demo judge, not a moderation model".
        versions: one note per version a number is from, in the order to list.
        described: one line on each benchmark, by name.
        facts: how it was measured, on how much data.

    Raises:
        SgAssetsError: a number's version is not among ``versions``: its link would lead nowhere.
    """
    results = report.results
    known = {note.version for note in versions}
    for row in results.rows:
        for version in row.versions:
            if version not in known:
                raise SgAssetsError(
                    f"version {version} of {row.variant} is shown but not described",
                    remedy="Pass a VersionNote for each version in the results",
                )
    return template(TEMPLATE, _FILTERS, html=True).render(
        report=report,
        results=results,
        gains=_by_variant(report.gains),
        objectives=list(dict.fromkeys(entry.description for held in report.objectives.values() for entry in held)),
        title=title,
        notes=notes,
        versions=versions,
        figures=_figures(results, described),
        compared=[(entry, panels_figure(entry).decode("utf-8")) for entry in report.figures],
        facts=facts,
        repeated=any(entry.runs for entry in (*report.gains, *report.answers)),
        priced=any(entry.money is not None for entry in report.costs.values()),
        caption=caption(results),
        not_scored=NOT_SCORED,
        mark=MARK,
        machine_mark=MACHINE_MARK,
    )


def _by_variant(gains: Sequence[VariantChange]) -> dict[str, list[VariantChange]]:
    by_variant: dict[str, list[VariantChange]] = {}
    for gain in gains:
        by_variant.setdefault(gain.asked.variant, []).append(gain)
    return by_variant


def _figures(results: Results, described: Mapping[str, str]) -> list[Figure]:
    """One drawing of rates per benchmark, and the one that sets two scores against each other."""
    drawn = []
    for benchmark in results.benchmarks:
        part = results.of(benchmark).drawable
        if not part.columns:
            continue
        text = f"{benchmark}: {described.get(benchmark, '')} No mark: not scored. Hollow: not comparable."
        # Our own drawing; names inside it are escaped by the SVG writer.
        drawn.append(Figure(rates_figure(part.headlines).decode("utf-8"), text))
        axes = axes_of(part)
        if axes is not None:
            text = f"{axes[1].title} against {axes[0].title[:1].lower()}{axes[0].title[1:]}, with both intervals."
            drawn.append(Figure(scatter_figure(part).decode("utf-8"), text))
    return drawn
