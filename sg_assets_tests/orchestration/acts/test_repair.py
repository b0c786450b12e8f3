"""The job that mends a store, run in process."""

import random

import dagster as dg
import pytest

from sg_assets.orchestration.acts.repair import repair_job
from sg_assets.orchestration.project import Project
from sg_assets.orchestration.project_incidents import open_incidents
from sg_assets.store.manifests import Manifest
from sg_assets_tests.orchestration.acts.runs import failure, next_steps, run_act
from sg_assets_tests.store.harm import flip_bit, zero
from sg_assets_tests.store.steps import ROWS, step, writing

pytestmark = pytest.mark.slow

TEMPLATES = "templated/templates"


@pytest.fixture
def version(project: Project) -> Manifest:
    return step(project.store, TEMPLATES, writing(ROWS)).manifest


def repair(project: Project, instance: dg.DagsterInstance, why: str = "a disk failed") -> dg.ExecuteInProcessResult:
    return run_act(repair_job(project), instance, {"names": [], "why": why, "who": "Ada"})


def test_a_damaged_content_is_set_aside_and_the_run_says_how_to_make_it_again(
    project: Project, instance: dg.DagsterInstance, version: Manifest
) -> None:
    flip_bit(project.store.home / version.object, random.Random(0))
    said = next_steps(repair(project, instance))
    assert f"sg-assets backfill {TEMPLATES}" in said
    assert [str(named.mark.by).partition("@")[0] for named in project.store.marks_of(version.ref)] == ["Ada"]


def test_a_record_is_restored_and_nothing_is_left_to_do(
    project: Project, instance: dg.DagsterInstance, version: Manifest
) -> None:
    name = project.store.heads.names_of(version.ref)[-1]
    zero(project.store.home / name, random.Random(0))
    assert "Damaged files mended: 1. Nothing is to be made again." in next_steps(repair(project, instance))
    assert project.store.required_head(version.ref) == version


def test_what_a_person_must_decide_fails_the_run(
    project: Project, instance: dg.DagsterInstance, version: Manifest
) -> None:
    name = project.store.heads.names_of(version.ref)[-1]
    zero(project.store.home / name, random.Random(0))
    (project.store.home / "copies" / name).unlink()
    assert f"--version {version.version} --why <reason>" in failure(repair(project, instance))


def test_a_head_that_is_written_again_is_alerted(
    project: Project, instance: dg.DagsterInstance, version: Manifest
) -> None:
    path = project.store.home / project.store.heads.names_of(version.ref)[-1]
    path.write_bytes(path.read_bytes().replace(b'"publish"', b'"bublish"'))
    (project.store.home / "copies" / project.store.heads.names_of(version.ref)[-1]).unlink()
    assert repair(project, instance).success
    with open_incidents(project) as incidents:
        assert incidents.stopped_partitions() == {TEMPLATES}


def test_a_reason_is_required(project: Project, instance: dg.DagsterInstance) -> None:
    assert "reason" in failure(repair(project, instance, why=" "))
