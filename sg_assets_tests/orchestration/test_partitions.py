"""The shipped variants, parents and mixes as Dagster partitions, asked through Dagster's own GraphQL."""

import logging
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from dagster._core.test_utils import instance_for_test
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import ModuleTarget
from dagster._daemon.backfill import execute_backfill_iteration
from dagster_graphql.test.utils import execute_dagster_graphql

from sg_assets_tests.orchestration import trivial_graph

pytestmark = pytest.mark.slow  # a Dagster instance and a code location each

LOGGER = logging.getLogger("backfill")
LAUNCH_AT_ONCE = {"run_coordinator": {"module": "dagster._core.run_coordinator", "class": "DefaultRunCoordinator"}}
STALE = """
query($key: AssetKeyInput!, $partition: String!) {
  assetNodeOrError(assetKey: $key) {
    ... on AssetNode {
      staleCausesByPartition(partitions: [$partition]) { key { path } partitionKey }
    }
  }
}
"""
BACKFILL = """
mutation($params: LaunchBackfillParams!) {
  launchPartitionBackfill(backfillParams: $params) {
    __typename
    ... on LaunchBackfillSuccess { backfillId }
    ... on PythonError { message }
  }
}
"""
BACKFILL_STATUS = """
query($id: String!) { partitionBackfillOrError(backfillId: $id) {
  ... on PartitionBackfill { status error { message } }
} }
"""


class Server:
    """Dagster as the UI sees it: an instance, a loaded code location, GraphQL."""

    def __init__(self, instance: dg.DagsterInstance, workspace: WorkspaceProcessContext) -> None:
        self.instance = instance
        self.workspace = workspace
        self.repository = trivial_graph.defs().get_repository_def()

    def ask(self, query: str, variables: dict[str, Any]) -> Any:
        result = execute_dagster_graphql(self.workspace.create_request_context(), query, variables)
        assert result.errors is None, result.errors
        return result.data

    def materialize(self, asset: str, partition: str | None = None) -> None:
        key = dg.AssetKey(asset.split("/"))
        quiet = {"loggers": {"console": {"config": {"log_level": "ERROR"}}}}
        result = self.repository.get_job("__ASSET_JOB").execute_in_process(
            instance=self.instance, asset_selection=[key], partition_key=partition, run_config=quiet
        )
        assert result.success

    def stale_because_of(self, asset: str, partition: str) -> set[tuple[str, str | None]]:
        data = self.ask(STALE, {"key": {"path": asset.split("/")}, "partition": partition})
        causes = data["assetNodeOrError"]["staleCausesByPartition"][0]
        return {("/".join(cause["key"]["path"]), cause["partitionKey"]) for cause in causes}

    def backfill(self, assets: list[str], partition: str) -> None:
        params = {
            "assetSelection": [{"path": asset.split("/")} for asset in assets],
            "partitionNames": [partition],
            "fromFailure": False,
            "tags": [],
        }
        launched = self.ask(BACKFILL, {"params": params})["launchPartitionBackfill"]
        assert launched["__typename"] == "LaunchBackfillSuccess", launched
        deadline = time.monotonic() + 240
        while time.monotonic() < deadline:
            list(execute_backfill_iteration(self.workspace, LOGGER))
            status = self.ask(BACKFILL_STATUS, {"id": launched["backfillId"]})["partitionBackfillOrError"]
            if status["status"] not in ("REQUESTED", "CANCELING"):
                assert status["status"] == "COMPLETED_SUCCESS", status
                return
            time.sleep(1)
        pytest.fail("the backfill did not end in time")

    def partitions_of(self, asset: str) -> set[str]:
        return set(self.instance.get_materialized_partitions(dg.AssetKey(asset.split("/"))))


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Server]:
    monkeypatch.setenv("SG_PROFILE", "demo")
    monkeypatch.setenv("SG_HOME", str(tmp_path / "home"))
    target = ModuleTarget(
        module_name=trivial_graph.__name__, attribute=None, working_directory=None, location_name="sg_assets"
    )
    with (
        instance_for_test(temp_dir=str(tmp_path), overrides=LAUNCH_AT_ONCE) as instance,
        WorkspaceProcessContext(instance, target) as workspace,
    ):
        yield Server(instance, workspace)


KTO_AND_DOWNSTREAM = [
    "adapters/kto",
    "responses/sg_safety",
    "responses/toxigen",
    "judgements/sg_safety",
    "judgements/toxigen",
    "scores/sg_safety",
]


def materialize_training_of(server: Server, variant: str) -> None:
    for mix in ("balanced", "unsafe_only"):
        server.materialize("training/kto_examples", mix)
    server.materialize("models/chat", "base")
    server.materialize("adapters/sft", "sft_r128")
    server.materialize("adapters/sft", "sft_r16")
    server.materialize("adapters/kto", variant)


def test_a_kto_variant_depends_on_its_sft_parent_alone(server: Server) -> None:
    materialize_training_of(server, "sft_kto")
    server.materialize("adapters/sft", "sft_r16")
    assert server.stale_because_of("adapters/kto", "sft_kto") == set()
    server.materialize("adapters/sft", "sft_r128")
    assert server.stale_because_of("adapters/kto", "sft_kto") == {("adapters/sft", "sft_r128")}


def test_a_kto_variant_without_sft_parent_depends_on_no_sft_adapter(server: Server) -> None:
    materialize_training_of(server, "kto")
    server.materialize("adapters/sft", "sft_r128")
    assert server.stale_because_of("adapters/kto", "kto") == set()
    server.materialize("models/chat", "base")
    assert server.stale_because_of("adapters/kto", "kto") == {("models/chat", "base")}


@pytest.mark.parametrize(("variant", "mix", "other"), [
    ("sft_kto", "balanced", "unsafe_only"), ("sft_kto_sym", "unsafe_only", "balanced"),
])  # fmt: skip
def test_a_kto_variant_depends_on_its_own_mix(server: Server, variant: str, mix: str, other: str) -> None:
    materialize_training_of(server, variant)
    server.materialize("training/kto_examples", other)
    assert server.stale_because_of("adapters/kto", variant) == set()
    server.materialize("training/kto_examples", mix)
    assert server.stale_because_of("adapters/kto", variant) == {("training/kto_examples", mix)}


def test_comparisons_with_base_map_base_to_all_and_each_variant_to_itself(server: Server) -> None:
    for variant in ("base", "kto", "sft_kto"):
        server.materialize("scores/sg_safety", variant)
    for variant in ("base", "kto", "sft_kto"):
        server.materialize(trivial_graph.COMPARISON, variant)
    server.materialize("scores/sg_safety", "kto")
    stale = {v: server.stale_because_of(trivial_graph.COMPARISON, v) for v in ("base", "kto", "sft_kto")}
    assert stale == {"base": set(), "kto": {("scores/sg_safety", "kto")}, "sft_kto": set()}
    server.materialize(trivial_graph.COMPARISON, "kto")
    server.materialize("scores/sg_safety", "base")
    stale = {v: server.stale_because_of(trivial_graph.COMPARISON, v) for v in ("base", "kto", "sft_kto")}
    assert list(stale.values()) == [{("scores/sg_safety", "base")}] * 3


@pytest.mark.e2e
def test_the_backfill_dialog_fills_kto_and_everything_downstream_for_one_key(server: Server) -> None:
    server.backfill([*KTO_AND_DOWNSTREAM, trivial_graph.COMPARISON], "sft_kto")
    assert [server.partitions_of(asset) for asset in KTO_AND_DOWNSTREAM] == [{"sft_kto"}] * len(KTO_AND_DOWNSTREAM)
