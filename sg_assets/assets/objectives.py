"""``scores/objectives``: whether each variant meets what the profile holds it to."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

import dagster as dg

from sg_assets.assets.building import Making
from sg_assets.assets.project import Project
from sg_assets.declarations.facts import recipe_parameters
from sg_assets.declarations.graph import BASE, DIVERGENCE, LEADERBOARD, OBJECTIVES, items_of
from sg_assets.declarations.records import Objective
from sg_assets.store.manifests import Manifest
from sg_assets.store.step import Recipe, Workspace

if TYPE_CHECKING:
    import polars as pl

    from sg_assets.reports.objectives import Bound, Scored
    from sg_assets.reports.results import Unit

_UNITS: "dict[str, Unit]" = {LEADERBOARD: "score", DIVERGENCE: "cosine"}


def objective_assets(project: Project) -> dict[str, Making]:
    """``scores/objectives``, where the profile declares some."""
    return {OBJECTIVES: _objectives(project)} if OBJECTIVES in project.graph.nodes else {}


def bound_of(objective: Objective) -> "Bound":
    """A declared objective as the work takes it."""
    from sg_assets.reports.objectives import Bound

    return Bound(
        objective.id, objective.kind, objective.benchmark, objective.metric, objective.slice, objective.against_base,
        objective.at_most, objective.at_least, objective.blocks_release,
        _UNITS.get(f"scores/{objective.benchmark}", "share"),
    )  # fmt: skip


def _objectives(project: Project) -> Making:
    objectives = project.declared.profile.objectives

    def recipe(_: str | None) -> Recipe:
        declared = [recipe_parameters(one) for one in objectives]
        return project.recipe(
            ["reports.objectives"], {"objectives": declared}, libraries=["scipy"], key=("objective", "finding")
        )

    def run(workspace: Workspace, context: dg.AssetExecutionContext) -> None:
        import polars as pl

        from sg_assets.reports.objectives import findings

        variant = context.partition_key
        names = dict.fromkeys(one.benchmark for one in objectives)
        own = {name: _scored(project, workspace, name, variant) for name in names}
        base = None if variant == BASE else {name: _scored(project, workspace, name, BASE) for name in names}
        rows = findings([bound_of(one) for one in objectives], own, base)
        workspace.write_table(_table(rows).with_columns(pl.lit(variant).alias("variant")))

    return Making(
        "Whether a variant meets the profile's objectives: met or not met where the whole interval says so, else not"
        " enough data. A check each.",
        recipe, run, pictures=partial(_pictures, project),
    )  # fmt: skip


def _table(rows: Sequence[Mapping[str, object]]) -> "pl.DataFrame":
    import polars as pl

    names = ("objective", "finding", "kind", "outcome")
    numbers = {"value": pl.Float64, "low": pl.Float64, "high": pl.Float64, "n": pl.Int64}
    return pl.DataFrame(rows, schema={**dict.fromkeys(names, pl.String), "blocks_release": pl.Boolean, **numbers,
                                      "method": pl.String})  # fmt: skip


def _scored(project: Project, workspace: Workspace, benchmark: str, variant: str) -> "Scored":
    import polars as pl

    from sg_assets.reports.objectives import Scored

    asset = f"scores/{benchmark}"
    [score] = [one for one in workspace.inputs[asset] if one.partition == variant]
    [items] = [one for one in workspace.inputs[items_of(asset)] if one.partition == variant]
    estimates, values = (pl.read_parquet(project.store.path(one)) for one in (score, items))
    again = project.declared.replicates.get(variant, ())
    runs = tuple(_scored(project, workspace, benchmark, name) for name in again)
    return Scored(estimates, values, score.details.get("scales"), runs)


def _pictures(project: Project, manifest: Manifest) -> dict[str, dg.MetadataValue]:
    import polars as pl

    rows = pl.read_parquet(project.store.path(manifest)).sort("kind", "objective").to_dicts()
    told = {one.id: one.description for one in project.declared.profile.objectives}
    lines = [f"| {told.get(row['objective'], row['objective'])} | {row['kind']} | {row['finding']} |" for row in rows]
    return {"objectives": dg.MetadataValue.md("\n".join(["| objective | kind | finding |", "|---|---|---|", *lines]))}
