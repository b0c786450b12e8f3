"""Runs whose process is gone are ended, whatever their status; those whose process may live are left alone."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.remote_origin import RegisteredCodeLocationOrigin, RemoteJobOrigin, RemoteRepositoryOrigin

from sg_assets.orchestration import dead_runs as module
from sg_assets.orchestration.dead_runs import (
    ENDED,
    PROCESS_TAG,
    end_dead_runs,
    presences_folder,
)
from sg_assets.orchestration.sensors import dead_runs
from sg_assets.processes.presence import PRESENCES, SERVER_TITLE, Presence, presence
from sg_assets_tests.execution.record_damage import RECORDED_RUN

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


def start(dagster_home: Path, seconds: float) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", RUN, str(dagster_home), str(seconds)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


def run_id(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


@pytest.mark.slow
def test_a_killed_run_is_ended_and_its_place_is_free(dagster_home: Path) -> None:
    killed = start(dagster_home, 60)
    run = run_id(killed)
    with dg.DagsterInstance.from_config(str(dagster_home)) as instance:
        assert end_dead_runs(instance) == []  # it is alive
        killed.kill()
        killed.wait()
        [dead] = end_dead_runs(instance)
        assert (dead.run_id, dead.title) == (run, "job")
        assert dead.reason == f"process {killed.pid} was killed, or the machine went down"
        ended = instance.get_run_by_id(run)
        assert ended is not None
        assert ended.status is dg.DagsterRunStatus.FAILURE
        assert end_dead_runs(instance) == []
    assert start(dagster_home, 0).wait(60) == 0  # gets the place at once


@pytest.mark.slow
def test_a_run_that_waits_for_a_dead_one_goes_on(dagster_home: Path) -> None:
    killed = start(dagster_home, 60)
    run_id(killed)
    waiting = start(dagster_home, 0)
    killed.kill()
    killed.wait()
    with dg.DagsterInstance.from_config(str(dagster_home)) as instance, dg.build_sensor_context(instance) as context:
        skipped = dead_runs(context)
        assert isinstance(skipped, dg.SkipReason)
        assert str(skipped.skip_message).startswith("ended 1 dead runs")
    assert waiting.wait(60) == 0


def test_without_places_taken_there_is_nothing_to_end(dagster_home: Path) -> None:
    with dg.DagsterInstance.from_config(str(dagster_home)) as instance:
        assert end_dead_runs(instance) == []


def test_records_elsewhere_are_left_alone() -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        assert end_dead_runs(instance) == []


Status = dg.DagsterRunStatus
UNFINISHED = [Status.NOT_STARTED, Status.QUEUED, Status.STARTING, Status.STARTED, Status.CANCELING]
ORIGIN = RemoteJobOrigin(RemoteRepositoryOrigin(RegisteredCodeLocationOrigin("here"), "repository"), "job")
"""Where a queued run's job is loaded from."""
LONG_GONE = 2**22 + 1
"""A process id that no system gives."""


@pytest.fixture
def instance(dagster_home: Path) -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.from_config(str(dagster_home)) as opened:
        yield opened


def add(instance: dg.DagsterInstance, status: Status, process: str | None = None, pid: int | None = None) -> str:
    """A run that a process of this presence or id began."""
    tags = {} if process is None else {PROCESS_TAG: process}
    run = dg.DagsterRun(job_name="job", status=status, tags=tags, remote_job_origin=ORIGIN)
    instance.add_run(run)
    if pid is not None:
        began = dg.DagsterEvent(dg.DagsterEventType.RUN_START.value, "job", pid=pid)
        instance.report_dagster_event(began, run.run_id)
    return run.run_id


def add_each(instance: dg.DagsterInstance, process: str | None = None) -> dict[str, Status]:
    """A run of every status that is not final."""
    return {add(instance, status, process): status for status in UNFINISHED}


def ended(instance: dg.DagsterInstance, *, with_queued: bool = True) -> dict[str, str]:
    """The reasons of the runs that were ended; every finished run must have been named."""
    dead = {run.run_id: run.reason for run in end_dead_runs(instance, with_queued=with_queued)}
    finished = {run.run_id for run in instance.get_runs() if run.is_finished}
    assert finished - {RECORDED_RUN} == dead.keys()
    return dead


def write_left(instance: dg.DagsterInstance, shown: Presence) -> None:
    folder = presences_folder(instance)
    folder.mkdir(exist_ok=True)
    (folder / f"{shown.id}.json").write_text(json.dumps(asdict(shown)))


def test_runs_of_a_process_that_lives_go_on(instance: dg.DagsterInstance) -> None:
    with presence(presences_folder(instance), "a lane") as shown:
        add_each(instance, shown.id)
        assert ended(instance) == {}


@pytest.mark.slow
@pytest.mark.parametrize("boot", ["", "another"])
def test_runs_of_a_killed_process_are_ended_and_the_process_named(instance: dg.DagsterInstance, boot: str) -> None:
    write_left(instance, Presence("left", "a lane of sg-assets run", 77, socket.gethostname(), 1.0, boot))
    runs = add_each(instance, "left")
    process = f"a lane of sg-assets run (pid 77 on {socket.gethostname()})"
    reason = (
        f"the machine was restarted while {process} ran it" if boot else f"{process} was killed, or what started it was"
    )
    assert ended(instance) == dict.fromkeys(runs, reason)
    assert list((Path(instance.root_directory) / PRESENCES).iterdir()) == []


@pytest.mark.slow
def test_runs_whose_process_ended_without_finishing_them_are_ended(instance: dg.DagsterInstance) -> None:
    runs = add_each(instance, "unknown")
    assert ended(instance) == dict.fromkeys(runs, "its process ended without finishing it")
    statuses = {run.run_id: run.status for run in instance.get_runs() if run.run_id in runs}
    assert statuses == {
        run_id: Status.CANCELED if status is Status.CANCELING else Status.FAILURE for run_id, status in runs.items()
    }
    for run_id in runs.keys() - {run_id for run_id, status in statuses.items() if status is Status.CANCELED}:
        [failure] = instance.all_logs(run_id, of_type=dg.DagsterEventType.RUN_FAILURE)
        assert failure.dagster_event is not None
        assert failure.dagster_event.message == f"{ENDED}: its process ended without finishing it."


def test_runs_that_the_server_began_are_judged_by_their_process(instance: dg.DagsterInstance) -> None:
    dead, _ = (add(instance, Status.STARTING, pid=pid) for pid in (LONG_GONE, os.getpid()))
    assert ended(instance) == {dead: f"process {LONG_GONE} was killed, or the machine went down"}


def test_a_process_id_that_is_used_again_does_not_keep_a_run(
    instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_CLOCK_SECONDS", -1e9)  # as if this process were younger than the run
    run_id = add(instance, Status.STARTING, pid=os.getpid())
    assert ended(instance).keys() == {run_id}


@pytest.mark.slow
@pytest.mark.parametrize("is_old", [False, True])
@pytest.mark.parametrize("server", ["alive", "gone", "none"])
def test_runs_that_nothing_began_are_ended_after_a_while(
    instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch, is_old: bool, server: str
) -> None:
    if is_old:
        monkeypatch.setattr(module, "_START_SECONDS", -1.0)
    monkeypatch.setattr(module, "_orphan_seconds", lambda _: -1.0 if is_old else 30.0)
    runs = add_each(instance)
    if server == "gone":
        write_left(instance, Presence("server", SERVER_TITLE, 5, "here", 1.0, ""))
    with presence(presences_folder(instance), SERVER_TITLE) if server == "alive" else nullcontext():
        dead = ended(instance)
    waits = {run_id for run_id, status in runs.items() if status is Status.QUEUED and server == "alive"}
    assert dead.keys() == (runs.keys() - waits if is_old else set())


@pytest.mark.slow
def test_where_no_process_works_in_the_home_nothing_is_waited_for(
    instance: dg.DagsterInstance, dagster_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_LONELY_SECONDS", -1.0)
    runs = add_each(instance)
    environment = {**os.environ, "DAGSTER_HOME": str(dagster_home)}
    worker = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, env=environment)
    assert ended(instance) == {}
    worker.kill()
    worker.communicate()
    assert ended(instance).keys() == runs.keys()


@pytest.mark.slow
def test_a_queue_is_left_to_a_server_that_is_about_to_start(
    instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_orphan_seconds", lambda _: -1.0)
    run_id = add(instance, Status.QUEUED)
    assert ended(instance, with_queued=False) == {}
    assert ended(instance).keys() == {run_id}


def test_finished_runs_stay_as_they_are(instance: dg.DagsterInstance) -> None:
    known = {add(instance, status, "unknown"): status for status in (Status.SUCCESS, Status.FAILURE, Status.CANCELED)}
    assert end_dead_runs(instance) == []
    assert {run.run_id: run.status for run in instance.get_runs() if run.run_id in known} == known
