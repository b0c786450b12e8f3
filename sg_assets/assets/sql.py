"""Assets made by one SELECT each."""

import dagster as dg

from sg_assets.assets.building import Making
from sg_assets.assets.project import Project
from sg_assets.declarations.parameters import Value, bind, sql_parameters
from sg_assets.declarations.sql import SqlAsset
from sg_assets.store.step import Recipe, Workspace


def sql_assets(project: Project) -> dict[str, Making]:
    """Every SQL file of the graph but the benchmarks' metrics, which statistics follow."""
    return {
        name: _table(project, declared)
        for name, declared in project.declared.sql.items()
        if name in project.graph.nodes and declared.partitions != "variant"
    }


def bound_parameters(project: Project, declared: SqlAsset, partition: str | None) -> dict[str, Value]:
    """The declared values one partition of an SQL asset uses.

    Raises:
        SgAssetsError: the SQL names a parameter that nothing declares.
    """
    scope = sql_parameters(project.declared, declared.partitions, partition)
    return bind(declared.query, scope, where=f"sql/{declared.asset}.sql")


def _table(project: Project, declared: SqlAsset) -> Making:
    node = project.graph.nodes[declared.asset]
    for key in node.keys:
        bound_parameters(project, declared, key)  # a wrong name is an error when definitions load

    def recipe(partition: str | None) -> Recipe:
        parameters = bound_parameters(project, declared, partition)
        queries = [(f"sql/{declared.asset}.sql", declared.query.canonical)]
        return project.recipe([], {**parameters}, libraries=["duckdb"], key=declared.key, queries=queries)

    def run(workspace: Workspace, _: dg.AssetExecutionContext) -> None:
        workspace.write_query(declared.query.text, workspace.parameters)

    return Making(declared.description, recipe, run, frozenset({"sql", "duckdb"}))
