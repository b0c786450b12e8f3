"""The job that accepts versions, run in process: what it logs, records and shows in Dagster."""

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from sg_assets.orchestration.acts.accept import JOB, OP, accept_job
from sg_assets.orchestration.asset_defs import asset_defs_of
from sg_assets.orchestration.project import Project, load_project
from sg_assets.orchestration.project_status import project_survey
from sg_assets.status.partition_status import State
from sg_assets.store.manifests import Manifest
from sg_assets.store.refs import Ref
from sg_assets_tests.orchestration.older import LEXICON, TEMPLATES, made_by_older_code, otherwise


@pytest.fixture
def project(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Project:
    monkeypatch.setenv("SG_PROFILE", "tiny")
    monkeypatch.setenv("SG_HOME", str(tmp_path))
    return load_project()


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as ephemeral:
        yield ephemeral


@pytest.fixture
def made(project: Project) -> Manifest:
    return made_by_older_code(project, TEMPLATES)


def run(
    project: Project, instance: dg.DagsterInstance, *names: str, why: str = "renamed", **config: bool
) -> dg.ExecuteInProcessResult:
    job = accept_job(project, asset_defs_of(project))
    given = {"names": list(names), "why": why, **config}
    return job.execute_in_process({"ops": {OP: {"config": given}}}, instance=instance, raise_on_error=False)


def observed(ended: dg.ExecuteInProcessResult) -> list[dict[str, object]]:
    events = [event for event in ended.all_events if event.event_type is dg.DagsterEventType.ASSET_OBSERVATION]
    found = [event.asset_observation_data.asset_observation for event in events]
    return [
        {"asset": one.asset_key.to_user_string(), "partition": one.partition}
        | {name: value.value for name, value in one.metadata.items()}
        for one in found
    ]


def state(project: Project, name: str) -> State:
    return project_survey(project, asset_defs_of(project))[Ref.parse(name)].state


def logged(instance: dg.DagsterInstance, ended: dg.ExecuteInProcessResult) -> str:
    return "\n".join(entry.user_message for entry in instance.all_logs(ended.run_id))


def failure(ended: dg.ExecuteInProcessResult) -> str:
    [event] = [event for event in ended.all_events if event.is_step_failure]
    error = event.step_failure_data.error
    assert error is not None
    return (error.cause or error).message


def test_a_run_accepts_logs_the_diff_and_shows_an_observation(
    project: Project, instance: dg.DagsterInstance, made: Manifest
) -> None:
    assert state(project, TEMPLATES) is State.OUTDATED
    ended = run(project, instance, TEMPLATES)
    assert ended.success
    assert state(project, TEMPLATES) is State.CURRENT
    [shown] = observed(ended)
    [mark] = project.store.acceptances(made)
    assert shown == {
        "asset": TEMPLATES, "partition": None, "version": made.version, "mark": "accepted", "why": "renamed",
        "by": str(mark.mark.by), "recipe": mark.mark.recipe,
    }  # fmt: skip
    assert "-def old():" in logged(instance, ended)


def test_a_run_that_is_asked_to_makes_a_partition_again_first(
    project: Project, instance: dg.DagsterInstance, made: Manifest
) -> None:
    ended = run(project, instance, TEMPLATES, check=True)
    assert ended.success
    assert f"equal to {made.version}" in logged(instance, ended)


def test_what_today_s_code_makes_otherwise_is_not_accepted(project: Project, instance: dg.DagsterInstance) -> None:
    made_by_older_code(project, LEXICON, otherwise("meaning"))
    ended = run(project, instance, LEXICON, check=True)
    assert not ended.success
    assert "today's code makes other content than" in failure(ended)
    assert observed(ended) == []
    assert state(project, LEXICON) is State.OUTDATED


def test_undoing_is_a_run_too(project: Project, instance: dg.DagsterInstance, made: Manifest) -> None:
    run(project, instance, TEMPLATES)
    ended = run(project, instance, TEMPLATES, why="a mistake", undo=True)
    assert ended.success
    assert [(shown["mark"], shown["version"], shown["why"]) for shown in observed(ended)] == [
        ("undone", made.version, "a mistake")
    ]
    assert state(project, TEMPLATES) is State.OUTDATED


def test_a_run_in_which_something_is_refused_fails_after_accepting_the_rest(
    project: Project, instance: dg.DagsterInstance, made: Manifest
) -> None:
    made_by_older_code(project, LEXICON, seed=7)
    ended = run(project, instance, TEMPLATES, LEXICON)
    assert "1 refused, 1 accepted" in failure(ended)
    assert LEXICON in failure(ended)
    assert [shown["asset"] for shown in observed(ended)] == [TEMPLATES]


def test_a_run_without_a_reason_fails(project: Project, instance: dg.DagsterInstance, made: Manifest) -> None:
    assert "no reason is given" in failure(run(project, instance, TEMPLATES, why=" "))


def test_undoing_where_nothing_is_accepted_fails(
    project: Project, instance: dg.DagsterInstance, made: Manifest
) -> None:
    assert "no acceptance holds" in failure(run(project, instance, TEMPLATES, undo=True))


def test_its_config_is_typed(project: Project, instance: dg.DagsterInstance) -> None:
    job = accept_job(project, asset_defs_of(project))
    assert job.name == JOB
    with pytest.raises(dg.DagsterInvalidConfigError):
        job.execute_in_process({"ops": {OP: {"config": {"names": TEMPLATES, "why": "x"}}}}, instance=instance)
