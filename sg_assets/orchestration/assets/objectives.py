"""``scores/objectives``: whether each variant meets the profile's objectives."""

from functools import partial

import dagster as dg

from sg_assets.declarations.asset_names import OBJECTIVES
from sg_assets.declarations.recipe_parameters import recipe_parameters
from sg_assets.orchestration.asset_def import AssetDef
from sg_assets.orchestration.project import Project
from sg_assets.reports.objective_results import judge_objectives
from sg_assets.store.manifests import Manifest
from sg_assets.store.step import Recipe, Workspace


def objective_assets(project: Project) -> dict[str, AssetDef]:
    """``scores/objectives``, where the profile declares some."""
    return {OBJECTIVES: _objectives(project)} if OBJECTIVES in project.graph.nodes else {}


def _objectives(project: Project) -> AssetDef:
    objectives = project.declared.profile.objectives

    def recipe(_: str | None) -> Recipe:
        parameters = {"objectives": [recipe_parameters(objective) for objective in objectives]}
        return project.recipe([judge_objectives], parameters, libraries=["scipy"], key=("objective", "finding"))

    def work(workspace: Workspace, _: dg.AssetExecutionContext) -> None:
        judge_objectives(workspace, objectives, project.declared.replicates)

    return AssetDef(
        "Whether a variant meets the profile's objectives: met or not met where the whole interval says so, else "
        "not enough data. One check per objective.",
        recipe, work, metadata=partial(_metadata, project),
    )  # fmt: skip


def _metadata(project: Project, manifest: Manifest) -> dict[str, dg.MetadataValue]:
    import polars as pl

    rows = pl.read_parquet(project.store.path(manifest)).sort("kind", "objective").to_dicts()
    descriptions = {objective.id: objective.description for objective in project.declared.profile.objectives}
    lines = [
        f"| {descriptions.get(row['objective'], row['objective'])} | {row['kind']} | {row['finding']} |" for row in rows
    ]
    return {"objectives": dg.MetadataValue.md("\n".join(["| objective | kind | finding |", "|---|---|---|", *lines]))}
