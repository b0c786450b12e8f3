"""The job that publishes from quarantine, run in process."""

import dagster as dg
import pytest

from sg_assets.orchestration.acts.publish import JOB, publish_job
from sg_assets.orchestration.asset_defs import asset_defs_of
from sg_assets.orchestration.project import Project
from sg_assets.store.manifests import Manifest
from sg_assets.store.quarantine import QuarantinedError, quarantined_versions
from sg_assets.store.refs import Ref
from sg_assets_tests.orchestration.acts.runs import (
    events_of_assets,
    failure,
    logged,
    materialized,
    metadata_of,
    next_steps,
    run_act,
)
from sg_assets_tests.store.steps import ROWS, at_most, step, writing

pytestmark = pytest.mark.slow

TEMPLATES = "templated/templates"
PROMPTS = "templated/prompts"


@pytest.fixture
def good(project: Project) -> Manifest:
    """The published version of the templates, which the prompts were built from."""
    manifest = step(project.store, TEMPLATES, writing(ROWS.head(1)), run_id="1").manifest
    step(project.store, PROMPTS, writing(ROWS), [TEMPLATES], run_id="2")
    return manifest


def quarantined(project: Project, seed: int = 1) -> Manifest:
    """A version of the templates that its audit holds back."""
    with pytest.raises(QuarantinedError) as caught:
        step(project.store, TEMPLATES, writing(ROWS), made_by=at_most(1, seed=seed), run_id=f"held {seed}")
    return caught.value.candidate


def publish(project: Project, instance: dg.DagsterInstance, **config: str) -> dg.ExecuteInProcessResult:
    job = publish_job(project, asset_defs_of(project))
    return run_act(job, instance, {"why": "right as it is", **config})


def test_the_version_becomes_current_and_its_asset_shows_a_materialization(
    project: Project, instance: dg.DagsterInstance, good: Manifest
) -> None:
    candidate = quarantined(project)
    result = publish(project, instance, version=candidate.version, who="Ada")
    assert result.success
    assert project.store.head(candidate.ref) == candidate
    [event] = materialized(result)
    shown = metadata_of(event)
    assert event.asset_key.to_user_string() == TEMPLATES
    assert (shown["version"], shown["outcome"]) == (candidate.version, "published from quarantine")
    assert (event.tags or {})["dagster/data_version"] == candidate.fingerprint
    latest = instance.get_latest_materialization_event(event.asset_key)
    assert latest is not None
    assert latest.asset_materialization == event


def test_who_and_why_are_in_the_log_of_heads_and_in_the_event(
    project: Project, instance: dg.DagsterInstance, good: Manifest
) -> None:
    candidate = quarantined(project)
    [event] = materialized(publish(project, instance, version=candidate.version, who="Ada"))
    entry = project.store.heads.entries(candidate.ref)[-1]
    assert (entry.action, entry.note, entry.by and entry.by.user) == ("release", "right as it is", "Ada")
    assert metadata_of(event)["why"] == "right as it is"
    assert metadata_of(event)["by"] == str(entry.by)


def test_the_checks_of_the_version_are_those_shown(
    project: Project, instance: dg.DagsterInstance, good: Manifest
) -> None:
    result = publish(project, instance, version=quarantined(project).version)
    checks = {check.check_name: check.passed for check in result.get_asset_check_evaluations()}
    assert checks == {"key": True}  # the others of this version are not declared


def test_the_run_says_what_is_out_of_date_now_and_what_mends_it(
    project: Project, instance: dg.DagsterInstance, good: Manifest
) -> None:
    result = publish(project, instance, version=quarantined(project).version)
    assert f"1 partition was built from different content: {PROMPTS}." in logged(instance, result)
    assert f"`sg-assets backfill {PROMPTS}`" in next_steps(result)
    assert f'`key:"{PROMPTS}"`' in next_steps(result)


def test_a_partition_stands_for_the_version_that_waits_there(
    project: Project, instance: dg.DagsterInstance, good: Manifest
) -> None:
    candidate = quarantined(project)
    assert publish(project, instance, asset_partition=TEMPLATES).success
    assert project.store.required_head(candidate.ref).version == candidate.version


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"version": "01M8MDV8S4QEWHVPF15VYW4QJJ-40aeae3c"}, "unknown version"),
        ({"asset_partition": PROMPTS}, "no version is in quarantine"),
        ({"asset_partition": "templated/template"}, "Did you mean 'templated/templates'"),
        ({"asset_partition": TEMPLATES}, "2 versions are in quarantine"),
        ({}, "Fill in either `version` or `asset_partition`"),
        ({"version": "a", "asset_partition": TEMPLATES}, "Fill in either"),
        ({"asset_partition": TEMPLATES, "why": "  "}, "no reason is given"),
    ],
)
def test_what_is_not_clear_is_refused_before_anything_happens(
    project: Project, instance: dg.DagsterInstance, good: Manifest, config: dict[str, str], message: str
) -> None:
    waiting = [quarantined(project, seed) for seed in (1, 2)]
    result = publish(project, instance, **config)
    assert message in failure(result)
    assert events_of_assets(result) == []
    assert project.store.head(good.ref) == good
    assert [manifest.version for manifest in quarantined_versions(project.store, Ref.parse(TEMPLATES))] == [
        manifest.version for manifest in waiting
    ]


def test_its_config_is_typed(project: Project, instance: dg.DagsterInstance) -> None:
    job = publish_job(project, {})
    assert job.name == JOB
    with pytest.raises(dg.DagsterInvalidConfigError):
        job.execute_in_process({"ops": {"publish_version": {"config": {"version": "a"}}}}, instance=instance)
