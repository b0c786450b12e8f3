"""The results: table, pictures, answers to the declared questions, and one page of it all."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING

import dagster as dg

from sg_assets.code.closure import Entry
from sg_assets.declarations.asset_names import RESULTS
from sg_assets.declarations.recipe_parameters import recipe_parameters
from sg_assets.orchestration.asset_def import AssetDef
from sg_assets.orchestration.assets.model_cards import cautions
from sg_assets.orchestration.assets.people_labels import (
    alignment_cautions,
    alignment_entries,
    alignment_parameters,
    scores_alone,
)
from sg_assets.orchestration.metadata import png
from sg_assets.orchestration.project import Project
from sg_assets.reports.results_step import write_results
from sg_assets.store.manifests import Manifest
from sg_assets.store.step import Recipe, Workspace

if TYPE_CHECKING:
    from sg_assets.reports.render.page import Report
    from sg_assets.reports.results import MetricColumn


def report_assets(project: Project) -> dict[str, AssetDef]:
    """``reports/results``: a page for people, a table in the UI and the terminal."""
    declared = project.declared
    profile, published = declared.profile, declared.published
    alignment, scores_of = alignment_cautions(project), scores_alone(project)

    def recipe(_: str | None) -> Recipe:
        from sg_assets.reports.render.page import TEMPLATE
        from sg_assets.reports.report_data import questions
        from sg_assets.reports.scoreboard import cautions, shown_columns, variant_notes

        parameters = {
            "profile": project.settings.profile,
            "own_comments": project.own_comments,
            "variants": [asdict(note) for note in variant_notes(declared)],
            "columns": [asdict(column) for column in _columns(project)],
            "questions": [asdict(question) for question in questions(declared)],
            "figures": [recipe_parameters(figure) for figure in declared.figures],
            "published": published and recipe_parameters(published),
            "prices": profile.prices and recipe_parameters(profile.prices),
            "objectives": [recipe_parameters(objective) for objective in profile.objectives],
            **alignment_parameters(project),
        }
        template = (f"sg_assets/reports/{TEMPLATE.name}", TEMPLATE.read_text(encoding="utf-8"))
        entries: list[Entry] = [write_results, shown_columns, cautions, *alignment_entries(project)]
        return project.recipe(entries, parameters, libraries=["matplotlib", "jinja2"], queries=[template])

    def work(workspace: Workspace, _: dg.AssetExecutionContext) -> None:
        notes = [*alignment(workspace, declared), *cautions(project)]
        write_results(scores_of(workspace), declared, _columns(project), notes, project.settings.profile)

    return {
        RESULTS: AssetDef(
            "Every variant's scores with intervals, its gain over base and its cost, and the answers to the "
            "declared questions: tables, pictures, one page.",
            recipe, work, frozenset({"html"}), mixed_ancestors=True,
            metadata=lambda manifest: _metadata(project, manifest),
        )
    }  # fmt: skip


def published_report(project: Project, manifest: Manifest) -> "Report":
    """The report of a published version of ``reports/results``, of the variants that are still declared."""
    from sg_assets.reports.report_files import read_report
    from sg_assets.reports.scoreboard import variant_notes

    return read_report(project.store.path(manifest), {note.variant for note in variant_notes(project.declared)})


def _columns(project: Project) -> "tuple[MetricColumn, ...]":
    from sg_assets.reports.scoreboard import shown_columns

    return shown_columns(project.declared, project.graph.nodes)


def _metadata(project: Project, manifest: Manifest) -> Mapping[str, dg.MetadataValue]:
    from sg_assets.reports.render.figures import rates_picture
    from sg_assets.reports.render.markdown import answers, table
    from sg_assets.reports.render.panels import panels_picture
    from sg_assets.reports.render.scatter import axes_of, scatter_picture

    report = published_report(project, manifest)
    drawable = report.results.drawable
    parts = [drawable.of(benchmark) for benchmark in drawable.benchmarks]
    return {
        "results": dg.MetadataValue.md(table(report.results)),
        "questions": dg.MetadataValue.md(answers(report.answers)),
        **{f"rates_{part.benchmarks[0]}": png(rates_picture(part.headlines), "rates by variant") for part in parts},
        **{
            f"against_each_other_{part.benchmarks[0]}": png(scatter_picture(part), "two scores of each variant")
            for part in parts
            if axes_of(part)
        },
        **{f"figure_{figure.id}": png(panels_picture(figure), figure.title) for figure in report.figures},
        "page": dg.MetadataValue.path(str(project.store.location(manifest) / "index.html")),
    }
