"""Results of objectives: the step that tests them, and the records that cards and releases read."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from sg_assets.declarations.asset_names import BASE, DIVERGENCE, LEADERBOARD, OBJECTIVES, items_of

if TYPE_CHECKING:
    import polars as pl

    from sg_assets.declarations.records.objective import Objective
    from sg_assets.reports.card import ObjectiveStatus
    from sg_assets.reports.objective_tests import Bound, Scored
    from sg_assets.reports.results import Unit
    from sg_assets.store.workspace import Workspace

_UNITS: "Final[Mapping[str, Unit]]" = {LEADERBOARD: "score", DIVERGENCE: "cosine"}


def judge_objectives(
    workspace: "Workspace", objectives: "Sequence[Objective]", replicates: Mapping[str, Sequence[str]]
) -> None:
    """Write whether a variant meets its objectives.

    Args:
        workspace: Of the objectives; its partition is the variant.
        objectives: The declared objectives.
        replicates: The further trainings of a variant, by its name.
    """
    import polars as pl

    from sg_assets.reports.objective_tests import findings

    variant = str(workspace.ref.partition)
    names = dict.fromkeys(objective.benchmark for objective in objectives)
    own = {name: _scored(workspace, name, variant, replicates) for name in names}
    base = None if variant == BASE else {name: _scored(workspace, name, BASE, replicates) for name in names}
    rows = findings([bound_of(objective) for objective in objectives], own, base)
    workspace.write_table(_table(rows).with_columns(pl.lit(variant).alias("variant")))


def bound_of(objective: "Objective") -> "Bound":
    """A declared objective as a bound to test."""
    from sg_assets.reports.objective_tests import Bound

    return Bound(
        objective.id, objective.kind, objective.benchmark, objective.metric, objective.slice, objective.against_base,
        objective.at_most, objective.at_least, objective.blocks_release,
        _UNITS.get(f"scores/{objective.benchmark}", "share"),
    )  # fmt: skip


def objective_statuses(workspace: "Workspace", objectives: "Sequence[Objective]") -> "list[ObjectiveStatus]":
    """The status of a variant's objectives, from the results that a step pinned."""
    from sg_assets.reports.card import ObjectiveStatus

    if OBJECTIVES not in workspace.inputs:
        return []
    rows = {row["objective"]: row for row in workspace.table(OBJECTIVES).iter_rows(named=True)}
    names = ("kind", "outcome", "finding", "blocks_release")
    return [
        ObjectiveStatus(objective.id, objective.description, **{name: rows[objective.id][name] for name in names})
        for objective in objectives
        if objective.id in rows
    ]


def _table(rows: Sequence[Mapping[str, object]]) -> "pl.DataFrame":
    import polars as pl

    names = ("objective", "finding", "kind", "outcome")
    numbers = {"value": pl.Float64, "low": pl.Float64, "high": pl.Float64, "n": pl.Int64}
    return pl.DataFrame(rows, schema={**dict.fromkeys(names, pl.String), "blocks_release": pl.Boolean, **numbers,
                                      "method": pl.String})  # fmt: skip


def _scored(workspace: "Workspace", benchmark: str, variant: str, replicates: Mapping[str, Sequence[str]]) -> "Scored":
    import polars as pl

    from sg_assets.reports.objective_tests import Scored

    asset = f"scores/{benchmark}"
    [score] = [manifest for manifest in workspace.inputs[asset] if manifest.partition == variant]
    [items] = [manifest for manifest in workspace.inputs[items_of(asset)] if manifest.partition == variant]
    estimates, values = (pl.read_parquet(workspace.store.path(manifest)) for manifest in (score, items))
    again = replicates.get(variant, ())
    runs = tuple(_scored(workspace, benchmark, name, replicates) for name in again)
    return Scored(estimates, values, score.details.get("scales"), runs)
