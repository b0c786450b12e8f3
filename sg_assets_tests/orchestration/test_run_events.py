"""Dagster's log of a run as a report for incidents."""

import errno
from collections.abc import Iterator

import dagster as dg
import pytest

from sg_assets.alerts.incidents import RunOutcome
from sg_assets.errors import SgAssetsError
from sg_assets.orchestration.dead_runs import ENDED
from sg_assets.orchestration.run_events import READ, report_of_run


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as ephemeral:
        yield ephemeral


def report(instance: dg.DagsterInstance, *assets: dg.AssetsDefinition) -> RunOutcome:
    result = dg.materialize(list(assets), instance=instance, raise_on_error=False)
    run = instance.get_run_by_id(result.run_id)
    assert run is not None
    return report_of_run(run, instance.all_logs(run.run_id, of_type=READ))


@dg.asset(key=["a", "upstream"])
def upstream() -> dg.MaterializeResult[None]:
    return dg.MaterializeResult(metadata={"version": "01X"})


def failing(error: Exception) -> dg.AssetsDefinition:
    @dg.asset(key=["a", "failing"], deps=[upstream])
    def asset() -> None:
        raise error

    return asset


def test_a_run_that_succeeds_reports_its_assets_and_its_job(instance: dg.DagsterInstance) -> None:
    made = report(instance, upstream)
    assert [(event.subject.asset, event.passed, event.value) for event in made.events if event.subject.asset] == [
        ("a/upstream", True, "version 01X")
    ]
    assert [event.passed for event in made.events if event.subject.kind == "run"] == [True]
    assert made.left_out == 0


def test_a_failed_step_reports_the_first_sentence_of_our_own_error(instance: dg.DagsterInstance) -> None:
    error = SgAssetsError("no labels", where="a/failing", remedy="Add some")
    [failure] = [event for event in report(instance, upstream, failing(error)).events if not event.passed]
    assert (failure.subject.asset, failure.value) == ("a/failing", "a/failing: no labels")


def test_every_kind_of_our_own_errors_is_reported_by_its_first_sentence(instance: dg.DagsterInstance) -> None:
    for kind in SgAssetsError.__subclasses__():
        if kind.__module__ == SgAssetsError.__module__:
            error = kind("no labels", where="a/failing", why="could not read 'a secret'")
            [failure] = [event for event in report(instance, failing(error)).events if not event.passed]
            assert failure.value == "a/failing: no labels"


def test_of_an_unknown_error_only_the_kind_is_reported(instance: dg.DagsterInstance) -> None:
    [failure] = [event for event in report(instance, failing(ValueError("a secret"))).events if not event.passed]
    assert failure.value == "ValueError"


def test_a_fault_of_the_machine_is_reported_in_our_words(instance: dg.DagsterInstance) -> None:
    full = OSError(errno.ENOSPC, "No space left on device", "/a/secret")
    [failure] = [event for event in report(instance, failing(full)).events if not event.passed]
    assert failure.value == "the disk is full"


@pytest.mark.parametrize("message", [f"{ENDED}: a lane (pid 7 on here) was killed.", "Marked by a person: a secret"])
def test_a_run_that_was_ended_for_its_process_says_why(instance: dg.DagsterInstance, message: str) -> None:
    run = dg.DagsterRun("job", status=dg.DagsterRunStatus.STARTED)
    instance.add_run(run)
    instance.report_run_failed(run, message)
    ended = instance.get_run_by_id(run.run_id)
    assert ended is not None
    [event] = report_of_run(ended, instance.all_logs(run.run_id, of_type=READ)).events
    assert (event.passed, event.value) == (False, message.rstrip(".") if message.startswith(ENDED) else None)
