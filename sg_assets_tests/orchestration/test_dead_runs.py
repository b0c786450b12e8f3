"""Runs that were killed while they held the GPU pool's only place."""

import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest

from sg_assets.orchestration.dead_runs import end_dead_runs
from sg_assets.orchestration.sensors import dead_runs

RUN = """
import sys, time
import dagster as dg

@dg.op(pool="gpu")
def work(context):
    print(context.run_id, flush=True)
    time.sleep(float(sys.argv[2]))

@dg.job(executor_def=dg.in_process_executor)
def job():
    work()

with dg.DagsterInstance.from_config(sys.argv[1]) as instance:
    job.execute_in_process(instance=instance)
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "dagster.yaml").write_text(
        "telemetry: {enabled: false}\nconcurrency: {pools: {default_limit: 1, granularity: op}}\n"
    )
    return tmp_path


def start(home: Path, seconds: float) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", RUN, str(home), str(seconds)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


def run_id(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


@pytest.mark.slow
def test_a_killed_run_is_ended_and_its_place_is_free(home: Path) -> None:
    killed = start(home, 60)
    run = run_id(killed)
    with dg.DagsterInstance.from_config(str(home)) as instance:
        assert end_dead_runs(instance) == []  # it is alive
        killed.kill()
        killed.wait()
        assert end_dead_runs(instance) == [run]
        ended = instance.get_run_by_id(run)
        assert ended is not None
        assert ended.status is dg.DagsterRunStatus.FAILURE
        assert end_dead_runs(instance) == []
    assert start(home, 0).wait(60) == 0  # gets the place at once


@pytest.mark.slow
def test_a_run_that_waits_for_a_dead_one_goes_on(home: Path) -> None:
    killed = start(home, 60)
    run_id(killed)
    waiting = start(home, 0)
    killed.kill()
    killed.wait()
    with dg.DagsterInstance.from_config(str(home)) as instance, dg.build_sensor_context(instance) as context:
        skipped = dead_runs(context)
        assert isinstance(skipped, dg.SkipReason)
        assert str(skipped.skip_message).startswith("ended 1 dead runs")
    assert waiting.wait(60) == 0


def test_without_places_taken_there_is_nothing_to_end(home: Path) -> None:
    with dg.DagsterInstance.from_config(str(home)) as instance:
        assert end_dead_runs(instance) == []


def test_records_elsewhere_are_left_alone() -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        assert end_dead_runs(instance) == []
