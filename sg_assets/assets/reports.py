"""The results table and page."""

from collections.abc import Mapping

import dagster as dg
import polars as pl

from sg_assets.assets.building import Making
from sg_assets.assets.metadata import png
from sg_assets.assets.project import Project
from sg_assets.declarations.graph import ITEMS
from sg_assets.reports.results import Results, VariantNote, VersionNote, results
from sg_assets.store.manifests import Manifest
from sg_assets.store.pins import lineage
from sg_assets.store.step import Recipe, Workspace
from sg_assets.store.store import Store

_MEASURES = ("templated", "judges")
"""Schemas of what a score is measured with: prompts and judges."""


def report_assets(project: Project) -> dict[str, Making]:
    """``reports/results``: a page for people, a table in the UI and the terminal."""
    notes = _notes(project)

    def recipe(_: str | None) -> Recipe:
        parameters = {
            "profile": project.settings.profile,
            "own_comments": project.settings.raw is not None,
            "variants": [[note.variant, note.description, note.method] for note in notes],
        }
        return project.recipe(["reports.page"], parameters, libraries=["matplotlib"])

    def run(workspace: Workspace, _: dg.AssetExecutionContext) -> None:
        from sg_assets.reports.page import page

        pinned = [one for asset, group in workspace.inputs.items() if not asset.endswith(ITEMS) for one in group]
        workspace.result_folder.mkdir()
        scores = _with_versions(pinned, project)
        scores.write_parquet(workspace.result_folder / "scores.parquet", compression="zstd")
        html = page(
            results(scores, notes),
            title=f"Safety alignment results, profile {project.settings.profile}",
            notes=_cautions(project),
            versions=[_version_note(one, project.store) for one in pinned],
        )
        (workspace.result_folder / "index.html").write_text(html, encoding="utf-8")

    def pictures(manifest: Manifest) -> Mapping[str, dg.MetadataValue]:
        from sg_assets.reports.figures import rates_picture
        from sg_assets.reports.markdown import table

        published = published_results(project, manifest)
        return {
            "results": dg.MetadataValue.md(table(published)),
            "picture": png(rates_picture(published), "rates with intervals, by variant"),
            "page": dg.MetadataValue.path(str(project.store.path(manifest) / "index.html")),
        }

    return {
        "reports/results": Making(
            "Every variant's scores with their intervals: one table, one picture, one page.",
            recipe, run, frozenset({"html"}), mixed_ancestors=True, pictures=pictures,
        )
    }  # fmt: skip


def published_results(project: Project, manifest: Manifest) -> Results:
    """The results of a published version of ``reports/results``."""
    scores = pl.read_parquet(project.store.path(manifest) / "scores.parquet")
    known = _notes(project)
    return results(scores.filter(pl.col("variant").is_in([note.variant for note in known])), known)


def _notes(project: Project) -> list[VariantNote]:
    return [VariantNote(one.name, one.description, one.method) for one in project.declared.variants.values()]


def _with_versions(pinned: list[Manifest], project: Project) -> pl.DataFrame:
    return pl.concat(
        pl.read_parquet(project.store.path(one)).with_columns(
            benchmark=pl.lit(one.ref.table), version=pl.lit(one.version)
        )
        for one in pinned
    ).sort("benchmark", "variant", "metric", "slice")


def _version_note(manifest: Manifest, store: Store) -> VersionNote:
    made = manifest.finished.isoformat(timespec="seconds")
    return VersionNote(manifest.version, manifest.asset, manifest.partition or "", made, _remark(manifest, store))


def _remark(manifest: Manifest, store: Store) -> str:
    """What a score was measured with that is no longer current: it compares with no score measured since."""
    older = sorted(
        str(pin.ref)
        for pin in lineage(store, manifest)
        if pin.ref.schema in _MEASURES and store.required_head(pin.ref).fingerprint != pin.fingerprint
    )
    return f"measured with earlier {', '.join(older)}: not comparable" if older else ""


def _cautions(project: Project) -> list[str]:
    cautions = ["Demo judges, not moderation models: tiny models on generated language show that the programme runs."]
    if project.settings.raw is not None:
        cautions.append("The comments are your own, labelled and scored by demo judges: no rate here is a finding.")
    return cautions
