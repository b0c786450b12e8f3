"""The results as one self-contained HTML page: no script, nothing fetched, the same bytes for the same results."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sg_assets.errors import SgAssetsError
from sg_assets.leaderboard.score_changes import ScoreChange as TaskChange
from sg_assets.reports.paired_changes import Change
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
from sg_assets.reports.training_costs import Cost
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
class Held:
    """An objective and how a variant stands to it."""

    description: str
    outcome: str
    """met, not met, or not enough data."""
    finding: str
    """The same with the numbers."""


@dataclass(frozen=True)
class Further:
    """What a training that goes on from another adapter bought."""

    variant: str
    parent: str
    changes: Sequence[Change]
    """Headline scores, ``variant`` minus ``parent``."""
    seconds: float
    """Wall time of the further training."""
    times_parent: float | None
    """The same as a multiple of the parent's own; None where that is not known."""


@dataclass(frozen=True)
class Reference:
    """A published number beside what was found here."""

    variant: str
    title: str
    """The score."""
    here: str
    """As the report writes it, with its interval."""
    published: str


@dataclass(frozen=True)
class Report:
    """Everything the page shows of a set of scores."""

    results: Results
    gains: Sequence[Change]
    """Headline scores against base, variant by variant."""
    answers: Sequence[Change]
    """The declared questions."""
    costs: Mapping[str, Cost]
    """By variant."""
    skills: Mapping[str, Sequence[TaskChange]]
    """The leaderboard's tasks against base, by variant; nothing where it was not run."""
    objectives: Mapping[str, Sequence[Held]]
    """What each variant is held to, and how it ended; nothing where nothing is declared."""
    figures: Sequence[PanelFigure] = ()
    """The declared figures."""
    further: Sequence[Further] = ()
    """What KTO and DPO bought over the SFT they go on from."""
    references: Sequence[Reference] = ()
    """Published numbers, where the profile names a publication."""


@dataclass(frozen=True)
class Figure:
    """A drawing with its caption."""

    svg: str
    caption: str


@dataclass(frozen=True)
class Facts:
    """How the numbers came about."""

    method: Sequence[str] = ()
    """A sentence or two each."""
    data: Sequence[tuple[str, str, int]] = ()
    """Table, partition and rows of what the scores rest on."""
    source: str = ""
    """Where the published numbers are from."""
    currency: str = ""
    """Of what is paid."""


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
        objectives=list(dict.fromkeys(one.description for held in report.objectives.values() for one in held)),
        title=title,
        notes=notes,
        versions=versions,
        figures=_figures(results, described),
        compared=[(one, panels_figure(one).decode("utf-8")) for one in report.figures],
        facts=facts,
        repeated=any(one.runs for one in (*report.gains, *report.answers)),
        priced=any(one.money is not None for one in report.costs.values()),
        caption=caption(results),
        not_scored=NOT_SCORED,
        mark=MARK,
        machine_mark=MACHINE_MARK,
    )


def _by_variant(gains: Sequence[Change]) -> dict[str, list[Change]]:
    found: dict[str, list[Change]] = {}
    for one in gains:
        found.setdefault(one.asked.variant, []).append(one)
    return found


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
