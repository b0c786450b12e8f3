"""Launching exact partitions on a server."""

from dagster_graphql.schema import create_schema
from graphql import GraphQLObjectType, parse, validate
from graphql.execution.values import get_variable_values
from graphql.language.ast import OperationDefinitionNode

from sg_assets.orchestration.backfill import LAUNCH, launch_params
from sg_assets.store.refs import Ref

REFS = [Ref.parse(name) for name in ("scores/s[a]", "reports/results", "scores/s[b]")]


def test_partitions_are_given_asset_by_asset_and_keys_only_where_there_are_any() -> None:
    assert launch_params(REFS)["partitionsByAssets"] == [
        {
            "assetKey": {"path": ["scores", "s"]},
            "partitions": {"ranges": [{"start": "a", "end": "a"}, {"start": "b", "end": "b"}]},
        },
        {"assetKey": {"path": ["reports", "results"]}},
    ]


def test_what_is_sent_is_what_this_dagster_takes() -> None:
    schema = create_schema().graphql_schema
    document = parse(LAUNCH)
    assert validate(schema, document) == []
    [operation] = document.definitions
    assert isinstance(operation, OperationDefinitionNode)
    assert isinstance(schema.mutation_type, GraphQLObjectType)
    variables = get_variable_values(schema, operation.variable_definitions, {"params": launch_params(REFS)})
    assert isinstance(variables, dict), variables
