"""The results: table, pictures, answers to the declared questions, and one page of it all."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict

import dagster as dg
import polars as pl

from sg_assets.assets.building import Making
from sg_assets.assets.metadata import png
from sg_assets.assets.project import Project
from sg_assets.assets.scoreboard import cautions, remarks_on, scores_of, shown_columns, variant_notes
from sg_assets.declarations.graph import BASE, ITEMS, LEADERBOARD, OBJECTIVES, items_of
from sg_assets.leaderboard.changes import Change as TaskChange
from sg_assets.leaderboard.changes import changes
from sg_assets.reports.changes import Change, Measured, Question, against_base, answered
from sg_assets.reports.costs import Cost, cost
from sg_assets.reports.kept import read_report, write_report
from sg_assets.reports.measures import measure, measured_otherwise
from sg_assets.reports.page import TEMPLATE, Held, Report, page
from sg_assets.reports.results import VersionNote, results
from sg_assets.store.manifests import Manifest
from sg_assets.store.pins import lineage
from sg_assets.store.step import Recipe, Workspace


def report_assets(project: Project) -> dict[str, Making]:
    """``reports/results``: a page for people, a table in the UI and the terminal."""

    def recipe(_: str | None) -> Recipe:
        parameters = {
            "profile": project.settings.profile,
            "own_comments": project.settings.raw is not None,
            "variants": [asdict(note) for note in variant_notes(project)],
            "columns": [asdict(column) for column in shown_columns(project)],
            "questions": [asdict(question) for question in _questions(project)],
        }
        template = (f"sg_assets/reports/{TEMPLATE.name}", TEMPLATE.read_text(encoding="utf-8"))
        modules = ["reports.page", "reports.kept"]
        return project.recipe(modules, parameters, libraries=["matplotlib", "jinja2"], queries=[template])

    def run(workspace: Workspace, _: dg.AssetExecutionContext) -> None:
        apart = (OBJECTIVES, *(asset for asset in workspace.inputs if asset.endswith(ITEMS)))
        scores = [one for asset, found in workspace.inputs.items() if asset not in apart for one in found]
        told = remarks_on(project, scores)
        report = _report(project, scores, told, _held(project, workspace.inputs.get(OBJECTIVES, ())))
        workspace.result_folder.mkdir()
        write_report(report, workspace.result_folder)
        html = page(
            report,
            title=f"Safety alignment results, profile {project.settings.profile}",
            notes=cautions(project),
            versions=[_version_note(one, told[one.version]) for one in scores],
            described={name: benchmark.description for name, benchmark in project.declared.benchmarks.items()},
        )
        (workspace.result_folder / "index.html").write_text(html, encoding="utf-8")

    return {
        "reports/results": Making(
            "Every variant's scores with their intervals, what each gained over base and cost, and the declared"
            " questions answered: tables, pictures, one page.",
            recipe, run, frozenset({"html"}), mixed_ancestors=True,
            pictures=lambda manifest: _pictures(project, manifest),
        )
    }  # fmt: skip


def published_report(project: Project, manifest: Manifest) -> Report:
    """What a published version of ``reports/results`` shows, of the variants that are still declared."""
    return read_report(project.store.path(manifest), {note.variant for note in variant_notes(project)})


def _pictures(project: Project, manifest: Manifest) -> Mapping[str, dg.MetadataValue]:
    from sg_assets.reports.figures import rates_picture
    from sg_assets.reports.markdown import answers, table
    from sg_assets.reports.scatter import axes_of, scatter_picture

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
        "page": dg.MetadataValue.path(str(project.store.path(manifest) / "index.html")),
    }


def _report(
    project: Project, scores: Iterable[Manifest], told: Mapping[str, str], held: Mapping[str, list[Held]]
) -> Report:
    columns, notes = shown_columns(project), variant_notes(project)
    by_variant: dict[str, list[Manifest]] = {}
    for one in scores:
        by_variant.setdefault(str(one.partition), []).append(one)
    every = [one for found in by_variant.values() for one in found]
    items = {(one.ref.table, str(one.partition)): _measured(project, one) for one in every}
    gains = against_base(columns, tuple(by_variant), BASE) if BASE in by_variant else []
    return Report(
        results(scores_of(project, every, told), notes, columns),
        _changes(gains, items),
        _changes(_questions(project), items),
        {name: _cost(project, name, found) for name, found in by_variant.items()},
        _skills(project, every),
        held,
    )


def _changes(questions: Iterable[Question], items: Mapping[tuple[str, str], Measured]) -> list[Change]:
    return [answered(question, items) for question in questions]


def _measured(project: Project, score: Manifest) -> Measured:
    """A score's items: the table that the same step published."""
    [beside] = [pin for pin in score.made_with if pin.asset == items_of(score.asset)]
    path = project.store.path(project.store.manifest(beside.ref, beside.version))
    return Measured(pl.read_parquet(path), measure(project.store, score))


def _held(project: Project, judged: Iterable[Manifest]) -> dict[str, list[Held]]:
    """What each variant is held to and how it stands, in the order declared."""
    declared = project.declared.profile.objectives
    found: dict[str, list[Held]] = {}
    for one in judged:
        rows = {row["objective"]: row for row in pl.read_parquet(project.store.path(one)).iter_rows(named=True)}
        found[str(one.partition)] = [
            Held(it.description, rows[it.id]["outcome"], rows[it.id]["finding"]) for it in declared if it.id in rows
        ]
    return found


def _skills(project: Project, scores: Iterable[Manifest]) -> dict[str, list[TaskChange]]:
    """The leaderboard's tasks of each variant against base, where both were put through the same."""
    found = {str(one.partition): one for one in scores if one.asset == LEADERBOARD}
    base = found.get(BASE)
    if base is None:
        return {}
    asked = measure(project.store, base)
    frames = {name: pl.read_parquet(project.store.path(one)) for name, one in found.items()}
    alike = [name for name, one in found.items() if not measured_otherwise(asked, measure(project.store, one))]
    return {name: changes(frames[BASE], frames[name]) for name in alike}


def _cost(project: Project, variant: str, scores: Iterable[Manifest]) -> Cost:
    pins = {pin.version: pin for one in scores for pin in lineage(project.store, one) if pin.ref.schema == "adapters"}
    return cost(variant, [project.store.manifest(pin.ref, pin.version) for pin in pins.values()])


def _questions(project: Project) -> list[Question]:
    return [
        Question(one.question, one.variant, one.against, one.benchmark, one.metric, one.slice, one.asks)
        for one in project.declared.comparisons
    ]


def _version_note(manifest: Manifest, remark: str) -> VersionNote:
    made = manifest.finished.isoformat(timespec="seconds")
    return VersionNote(manifest.version, manifest.asset, manifest.partition or "", made, remark)
