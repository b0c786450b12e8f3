"""The job that accepts versions, run in process: what it logs, records and shows in Dagster."""

import dagster as dg
import pytest

from sg_assets.orchestration.acts.accept import JOB, OP, accept_job
from sg_assets.orchestration.asset_defs import asset_defs_of
from sg_assets.orchestration.project import Project
from sg_assets.orchestration.project_status import project_survey
from sg_assets.status.partition_status import State
from sg_assets.store.manifests import Manifest
from sg_assets.store.refs import Ref
from sg_assets_tests.orchestration.acts.runs import failure, logged, next_steps, observed, run_act
from sg_assets_tests.orchestration.older import LEXICON, TEMPLATES, changed_column, made_by_older_code

pytestmark = pytest.mark.slow


@pytest.fixture
def made(project: Project) -> Manifest:
    return made_by_older_code(project, TEMPLATES)


def run(
    project: Project, instance: dg.DagsterInstance, *names: str, why: str = "renamed", **config: bool | str
) -> dg.ExecuteInProcessResult:
    job = accept_job(project, asset_defs_of(project))
    return run_act(job, instance, {"names": list(names), "why": why, **config})


def state(project: Project, name: str) -> State:
    return project_survey(project, asset_defs_of(project))[Ref.parse(name)].state


def test_a_run_accepts_logs_the_diff_and_shows_an_observation(
    project: Project, instance: dg.DagsterInstance, made: Manifest
) -> None:
    assert state(project, TEMPLATES) is State.OUTDATED
    result = run(project, instance, TEMPLATES)
    assert result.success
    assert state(project, TEMPLATES) is State.CURRENT
    [shown] = observed(result)
    [mark] = project.store.acceptances(made)
    assert shown == {
        "asset": TEMPLATES, "partition": None, "version": made.version, "mark": "accepted", "why": "renamed",
        "by": str(mark.mark.by), "recipe": mark.mark.recipe,
    }  # fmt: skip
    assert "-def old():" in logged(instance, result)
    assert "`sg-assets status --all` names" in next_steps(result)


def test_who_accepts_can_be_said(project: Project, instance: dg.DagsterInstance, made: Manifest) -> None:
    [shown] = observed(run(project, instance, TEMPLATES, who="Ada"))
    [mark] = project.store.acceptances(made)
    assert (mark.mark.by.user, shown["by"]) == ("Ada", str(mark.mark.by))


def test_a_run_that_is_asked_to_makes_a_partition_again_first(
    project: Project, instance: dg.DagsterInstance, made: Manifest
) -> None:
    result = run(project, instance, TEMPLATES, check=True)
    assert result.success
    assert f"equal to {made.version}" in logged(instance, result)


def test_what_today_s_code_makes_otherwise_is_not_accepted(project: Project, instance: dg.DagsterInstance) -> None:
    made_by_older_code(project, LEXICON, changed_column("meaning"))
    result = run(project, instance, LEXICON, check=True)
    assert not result.success
    assert "today's code makes content that differs from" in failure(result)
    assert observed(result) == []
    assert state(project, LEXICON) is State.OUTDATED


def test_undoing_is_a_run_too(project: Project, instance: dg.DagsterInstance, made: Manifest) -> None:
    run(project, instance, TEMPLATES)
    result = run(project, instance, TEMPLATES, why="a mistake", undo=True)
    assert result.success
    assert [(shown["mark"], shown["version"], shown["why"]) for shown in observed(result)] == [
        ("undone", made.version, "a mistake")
    ]
    assert f"`sg-assets backfill {TEMPLATES}`" in next_steps(result)
    assert state(project, TEMPLATES) is State.OUTDATED


def test_a_run_in_which_something_is_refused_fails_after_accepting_the_rest(
    project: Project, instance: dg.DagsterInstance, made: Manifest
) -> None:
    made_by_older_code(project, LEXICON, seed=7)
    result = run(project, instance, TEMPLATES, LEXICON)
    assert "1 refused, 1 accepted" in failure(result)
    assert LEXICON in failure(result)
    assert [shown["asset"] for shown in observed(result)] == [TEMPLATES]


def test_a_run_without_a_reason_fails(project: Project, instance: dg.DagsterInstance, made: Manifest) -> None:
    assert "no reason is given" in failure(run(project, instance, TEMPLATES, why=" "))


def test_undoing_where_nothing_is_accepted_fails(
    project: Project, instance: dg.DagsterInstance, made: Manifest
) -> None:
    assert "none of the named partitions has an acceptance" in failure(run(project, instance, TEMPLATES, undo=True))


def test_its_config_is_typed(project: Project, instance: dg.DagsterInstance) -> None:
    job = accept_job(project, asset_defs_of(project))
    assert job.name == JOB
    with pytest.raises(dg.DagsterInvalidConfigError):
        job.execute_in_process({"ops": {OP: {"config": {"names": TEMPLATES, "why": "x"}}}}, instance=instance)
