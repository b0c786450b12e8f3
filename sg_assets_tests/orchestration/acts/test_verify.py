"""The job that reads contents again, run in process."""

import dagster as dg
import pytest

from sg_assets.orchestration.acts.verify import verify_job
from sg_assets.orchestration.project import Project
from sg_assets.store.manifests import Manifest
from sg_assets_tests.orchestration.acts.runs import events_of_assets, failure, next_steps, observed, run_act
from sg_assets_tests.store.steps import ROWS, lose, recipe, step, writing

pytestmark = pytest.mark.slow

TEMPLATES = "templated/templates"
SCORES = "scores/toxigen[base]"


@pytest.fixture
def versions(project: Project) -> list[Manifest]:
    """Two versions of the templates, and a partition of scores."""
    return [
        step(project.store, TEMPLATES, writing(ROWS), run_id="1").manifest,
        step(project.store, TEMPLATES, writing(ROWS.head(1)), made_by=recipe(seed=1), run_id="2").manifest,
        step(project.store, SCORES, writing(ROWS.head(2)), run_id="3").manifest,
    ]


def verify(project: Project, instance: dg.DagsterInstance, *names: str) -> dg.ExecuteInProcessResult:
    return run_act(verify_job(project), instance, {"names": list(names), "who": "Ada"})


def test_each_partition_shows_that_its_contents_are_as_recorded(
    project: Project, instance: dg.DagsterInstance, versions: list[Manifest]
) -> None:
    result = verify(project, instance)
    shown = [
        (observation["asset"], observation["partition"], observation["contents_read"])
        for observation in observed(result)
    ]
    assert shown == [("scores/toxigen", "base", 1), (TEMPLATES, None, 2)]
    assert {observation["outcome"] for observation in observed(result)} == {"verified: contents are as recorded"}
    assert str(observed(result)[0]["by"]).startswith("Ada@")
    assert "Contents read: 3. None differs from its record" in next_steps(result)


def test_only_the_named_are_read(project: Project, instance: dg.DagsterInstance, versions: list[Manifest]) -> None:
    assert [observation["asset"] for observation in observed(verify(project, instance, SCORES))] == ["scores/toxigen"]


def test_a_content_that_differs_fails_the_run_shows_on_its_asset_and_says_what_mends_it(
    project: Project, instance: dg.DagsterInstance, versions: list[Manifest]
) -> None:
    lose(project.store, versions[1])
    result = verify(project, instance)
    assert not result.success
    assert "1 of 3 contents differs from the record" in failure(result)
    assert f"Build it again: `sg-assets backfill '{TEMPLATES}'`" in failure(result)
    [observation] = [observation for observation in observed(result) if observation["asset"] == TEMPLATES]
    assert observation["outcome"] == "verified: contents differ"
    assert observation["differences"] == f"- {versions[1].version}: the content is missing"


def test_a_content_that_is_no_longer_current_need_not_be_built_again(
    project: Project, instance: dg.DagsterInstance, versions: list[Manifest]
) -> None:
    project.store.path(versions[0]).write_bytes(b"torn")
    message = failure(verify(project, instance, TEMPLATES))
    assert f"To keep {versions[0].version}, restore {versions[0].object} from a backup" in message
    assert "backfill" not in message


def test_a_name_without_a_version_is_refused(
    project: Project, instance: dg.DagsterInstance, versions: list[Manifest]
) -> None:
    result = verify(project, instance, SCORES, "templated/template")
    assert "Did you mean 'templated/templates'" in failure(result)
    assert events_of_assets(result) == []


def test_nothing_current_is_changed(project: Project, instance: dg.DagsterInstance, versions: list[Manifest]) -> None:
    entries = project.store.heads.names()
    verify(project, instance)
    assert project.store.heads.names() == entries
