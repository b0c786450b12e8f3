"""A training that is cancelled in the UI, then killed, then let finish: real runs, a real code server, real jobs."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import dagster as dg
import psutil
import pytest
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import WorkspaceFileTarget
from dagster_graphql.schema import create_schema

from sg_assets.orchestration.dead_runs import end_dead_runs
from sg_assets.store.manifests import Manifest
from sg_assets.store.refs import Ref
from sg_assets.store.store import Store
from sg_assets.training.checkpoints import journal
from sg_assets_tests.e2e.conftest import Finished
from sg_assets_tests.paths import PROJECT

pytestmark = pytest.mark.e2e
REF = Ref.parse("adapters/sft[sft_r128]")
LAUNCH = """
mutation ($selector: JobOrPipelineSelector!, $tags: [ExecutionTag!]) {
  launchPipelineExecution(executionParams: {
    selector: $selector, mode: "default", runConfigData: "{}", executionMetadata: {tags: $tags}
  }) { __typename ... on LaunchRunSuccess { run { runId } } ... on PythonError { message } }
}
"""
TERMINATE = """
mutation ($runs: [String!]!) {
  terminateRuns(runIds: $runs, terminatePolicy: SAFE_TERMINATE) {
    ... on TerminateRunsResult { terminateRunResults { __typename } }
  }
}
"""


@dataclass(frozen=True)
class Long:
    """A project whose SFT adapter takes some seconds to train; all before it is published."""

    project: Path
    home: Path

    @property
    def variables(self) -> dict[str, str]:
        return {
            "SG_PROFILE": "tiny",
            "SG_PROJECT": str(self.project),
            "SG_HOME": str(self.home),
            "DAGSTER_HOME": str(self.home / "tiny" / "dagster"),
        }

    def versions(self) -> list[Manifest]:
        return Store(self.home / "tiny" / "store", "tiny").versions(REF)

    def journal(self) -> list[dict[str, Any]]:
        folders = [path for path in (self.home / "tiny" / "checkpoints").glob("*") if path.is_dir()]
        return [entry for folder in folders for entry in journal(folder)]

    def reached(self) -> int:
        """The last step that any job has taken."""
        return max(int(entry["step"]) for entry in self.journal() if entry["event"] == "step")

    def materialize(self) -> subprocess.Popen[bytes]:
        """Start a run of the adapter; it lives in the process that is started."""
        dagster = str(Path(sys.executable).with_name("dagster"))
        asked = ["--select", "adapters/sft", "--partition", "sft_r128"]
        command = [dagster, "asset", "materialize", "-m", "sg_assets.definitions", *asked]
        with (self.home / "log.txt").open("ab") as log:
            return subprocess.Popen(command, env={**os.environ, **self.variables}, stdout=log, stderr=log)

    def wait_for_step(self, step: int, alive: Callable[[], bool]) -> int:
        """Wait until a job has taken a step; its process id."""
        limit = time.monotonic() + 180
        while not (reached := [e for e in self.journal() if e["event"] == "step" and e["step"] >= step]):
            assert alive()
            assert time.monotonic() < limit
            time.sleep(0.02)
        return int(reached[-1]["pid"])

    def finish(self) -> Manifest:
        assert self.materialize().wait(300) == 0, (self.home / "log.txt").read_text()
        return self.versions()[-1]


@pytest.fixture
def long(finished: Finished, tmp_path: Path) -> Long:
    project = tmp_path / "project"
    for name in ("models", "sql", "workspace.yaml"):
        source = PROJECT / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, project / name)
    with (project / "models" / "variants" / "sft_r128.yaml").open("a") as file:
        file.write("training: {epochs: 90, save_steps: 20}\n")
    home = tmp_path / "home"
    shutil.copytree(finished.home, home)
    return Long(project, home)


@contextmanager
def ui(long: Long) -> Iterator[tuple[dg.DagsterInstance, Callable[..., dict[str, Any]]]]:
    """The instance, and a function that asks its GraphQL API, with a code server behind it; queued runs start."""
    schema = create_schema()
    target = WorkspaceFileTarget([str(long.project / "workspace.yaml")])
    with (
        mock.patch.dict(os.environ, long.variables),
        dg.DagsterInstance.get() as instance,
        WorkspaceProcessContext(instance, target) as workspace,
    ):

        def ask(query: str, **variables: Any) -> dict[str, Any]:
            context = workspace.create_request_context()
            asked = schema.execute_async(query, context_value=context, variable_values=variables)
            result = asyncio.run(asked)
            assert not result.errors, result.errors
            assert result.data is not None
            for queued in instance.get_runs(dg.RunsFilter(statuses=[dg.DagsterRunStatus.QUEUED])):
                instance.launch_run(queued.run_id, context)  # the daemon's part
            return dict(result.data)

        yield instance, ask


def launch(ask: Callable[..., dict[str, Any]]) -> str:
    selector = {
        "repositoryLocationName": "sg_assets",
        "repositoryName": "__repository__",
        "pipelineName": "__ASSET_JOB",
        "assetSelection": [{"path": REF.asset.split("/")}],
        "assetCheckSelection": [],
    }
    tags = [{"key": "dagster/partition", "value": REF.partition}]
    launched = ask(LAUNCH, selector=selector, tags=tags)["launchPipelineExecution"]
    assert launched["__typename"] == "LaunchRunSuccess", launched
    return str(launched["run"]["runId"])


def wait_until(condition: Callable[[], bool], seconds: float) -> None:
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit
        time.sleep(0.05)


def gone(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


def test_a_cancelled_and_then_killed_training_goes_on_to_the_same_end(long: Long, tmp_path: Path) -> None:
    undisturbed = Long(long.project, tmp_path / "undisturbed")
    shutil.copytree(long.home, undisturbed.home)
    expected = undisturbed.finish()
    before = len(long.versions())

    with ui(long) as (instance, ask):
        run = launch(ask)
        job = long.wait_for_step(45, alive=lambda: not instance.get_run_by_id(run).is_finished)  # type: ignore[union-attr]
        ended = ask(TERMINATE, runs=[run])["terminateRuns"]["terminateRunResults"]
        assert [response["__typename"] for response in ended] == ["TerminateRunSuccess"]
        wait_until(lambda: gone(job), 60)
        wait_until(lambda: instance.get_run_by_id(run).status is dg.DagsterRunStatus.CANCELED, 60)  # type: ignore[union-attr]
    assert len(long.versions()) == before

    # However far the first one came before it heard: that may take seconds on a busy machine.
    process = long.materialize()
    job = long.wait_for_step(long.reached() + 60, alive=lambda: process.poll() is None)
    process.send_signal(signal.SIGKILL)
    process.wait()
    wait_until(lambda: gone(job), 10)
    with dg.DagsterInstance.from_config(long.variables["DAGSTER_HOME"]) as instance:
        assert len(end_dead_runs(instance)) == 1
    assert len(long.versions()) == before

    finished = long.finish()
    assert finished.fingerprint == expected.fingerprint
    took = finished.details["run"]
    assert len(took["resumed_from_steps"]) == 2
    assert took["resumed_from_steps"][0] >= 40
    assert took["resumed_from_steps"][1] >= took["resumed_from_steps"][0] + 40
    different = {name for name in expected.details if expected.details[name] != finished.details[name]}
    assert different == {"run"}
    assert f"resuming from step {took['resumed_from_steps'][1]} of 720" in (long.home / "log.txt").read_text()


def test_nothing_is_kept_of_a_published_training(finished: Finished) -> None:
    kept = list((finished.home / "tiny" / "checkpoints").iterdir())
    assert kept
    assert {path.suffix for path in kept if path.is_file()} == {".lock"}
    assert not any(path.is_dir() for path in kept)
