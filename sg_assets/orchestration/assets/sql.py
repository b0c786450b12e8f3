"""Assets made by one SELECT each."""

from collections.abc import Callable, Sequence

import dagster as dg

from sg_assets.code.closure import Entry
from sg_assets.declarations.parameters import bound_parameters
from sg_assets.declarations.sql import SqlAsset
from sg_assets.orchestration.asset_def import AssetDef
from sg_assets.orchestration.project import Project
from sg_assets.store.step import Recipe, Workspace
from sg_assets.tables.selected import select_rows


def sql_assets(project: Project) -> dict[str, AssetDef]:
    """Every SQL file of the graph but the benchmarks' metrics, which statistics follow."""
    return {
        name: _table(project, declared)
        for name, declared in project.declared.sql.items()
        if name in project.graph.nodes and declared.partitions != "variant"
    }


def sql_recipe(
    project: Project,
    declared: SqlAsset,
    entry: Entry,
    *,
    libraries: Sequence[str] = (),
    key: tuple[str, ...] | None = None,
) -> Callable[[str | None], Recipe]:
    """The recipe of each partition of an asset whose SQL is bound to declared values.

    Args:
        project: Where the values are declared.
        declared: The SQL.
        entry: The function that runs the SQL and processes its rows.
        libraries: The libraries that it needs, besides DuckDB.
        key: Key of the result, where it differs from the SQL's.

    """
    queries = [(declared.file, declared.query.canonical)]
    keys = project.graph.nodes[declared.asset].keys
    bound = {key: bound_parameters(project.declared, declared, key) for key in keys}

    def recipe(partition: str | None) -> Recipe:
        used = ["duckdb", *libraries]
        return project.recipe([entry], bound[partition], libraries=used, key=key or declared.key, queries=queries)

    return recipe


def _table(project: Project, declared: SqlAsset) -> AssetDef:
    def work(workspace: Workspace, _: dg.AssetExecutionContext) -> None:
        select_rows(workspace, declared.query.text)

    return AssetDef(
        declared.description, sql_recipe(project, declared, select_rows), work, frozenset({"sql", "duckdb"}),
        notes=declared.query.notes,
    )  # fmt: skip
