"""Assets made by one SELECT each."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import dagster as dg

from sg_assets.code.closure import Entry
from sg_assets.declarations.asset_names import EXAMPLES
from sg_assets.declarations.parameters import bound_parameters
from sg_assets.declarations.sql import SqlAsset
from sg_assets.orchestration.asset_def import AssetDef
from sg_assets.orchestration.project import Project
from sg_assets.store.manifests import Manifest
from sg_assets.store.step import Recipe, Workspace
from sg_assets.tables.selected import select_rows
from sg_assets.training.answers_to_learn import PERSONAL_DATA, select_answers_to_learn


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
    values: Mapping[str, object] = MappingProxyType({}),
) -> Callable[[str | None], Recipe]:
    """The recipe of each partition of an asset whose SQL is bound to declared values.

    Args:
        project: Where the values are declared.
        declared: The SQL.
        entry: The function that runs the SQL and processes its rows.
        libraries: The libraries that it needs, besides DuckDB.
        key: Key of the result, where it differs from the SQL's.
        values: Declared values that its rows are processed by, besides those that the SQL names.
    """
    queries = [(declared.file, declared.query.canonical)]
    keys = project.graph.nodes[declared.asset].keys
    bound = {key: bound_parameters(project.declared, declared, key) for key in keys}

    def recipe(partition: str | None) -> Recipe:
        used = ["duckdb", *libraries]
        parameters = {**bound[partition], **values}
        return project.recipe([entry], parameters, libraries=used, key=key or declared.key, queries=queries)

    return recipe


def _answers_to_learn(project: Project, declared: SqlAsset) -> AssetDef:
    """A training table whose answers are freed of personal data."""
    answers = project.declared.profile.answers

    def work(workspace: Workspace, _: dg.AssetExecutionContext) -> None:
        select_answers_to_learn(workspace, declared.query.text, answers.at_most)

    recipe = sql_recipe(project, declared, select_answers_to_learn, values={PERSONAL_DATA: answers.personal_data})
    return AssetDef(
        declared.description, recipe, work, frozenset({"sql", "duckdb", "polars"}), notes=declared.query.notes,
        metadata=_personal_data,
    )  # fmt: skip


def _personal_data(manifest: Manifest) -> dict[str, dg.MetadataValue]:
    counted = manifest.details.get(PERSONAL_DATA, {})  # an earlier version may have kept its answers
    numbers = {name: value for name, value in counted.items() if name != "kinds"} | counted.get("kinds", {})
    return {f"{PERSONAL_DATA}_{name}": dg.MetadataValue.int(value) for name, value in numbers.items()}


def _table(project: Project, declared: SqlAsset) -> AssetDef:
    if declared.asset in EXAMPLES.values() and project.declared.profile.answers.personal_data != "keep":
        return _answers_to_learn(project, declared)

    def work(workspace: Workspace, _: dg.AssetExecutionContext) -> None:
        select_rows(workspace, declared.query.text)

    return AssetDef(
        declared.description, sql_recipe(project, declared, select_rows), work, frozenset({"sql", "duckdb"}),
        notes=declared.query.notes,
    )  # fmt: skip
