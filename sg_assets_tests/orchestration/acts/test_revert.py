"""The job that goes back to an earlier version, run in process."""

import dagster as dg
import pytest

from sg_assets.definitions import build_definitions
from sg_assets.orchestration.acts.revert import revert_job
from sg_assets.orchestration.asset_defs import asset_defs_of
from sg_assets.orchestration.project import Project
from sg_assets.store.manifests import Manifest
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
from sg_assets_tests.orchestration.older import TEMPLATES
from sg_assets_tests.store.steps import ROWS, recipe, step, writing

pytestmark = pytest.mark.slow

PROMPTS = "templated/prompts"


@pytest.fixture
def versions(project: Project) -> list[Manifest]:
    """Two versions of the templates, of which the newer is current; the prompts were built from it."""
    earlier = step(project.store, TEMPLATES, writing(ROWS.head(1)), run_id="1").manifest
    newer = step(project.store, TEMPLATES, writing(ROWS), made_by=recipe(seed=1), run_id="2").manifest
    step(project.store, PROMPTS, writing(ROWS), [TEMPLATES], run_id="3")
    return [earlier, newer]


def revert(project: Project, instance: dg.DagsterInstance, **config: str) -> dg.ExecuteInProcessResult:
    job = revert_job(project, asset_defs_of(project))
    return run_act(job, instance, {"asset_partition": TEMPLATES, "why": "the newer is wrong", **config})


def test_the_version_before_becomes_current_and_its_asset_shows_a_materialization(
    project: Project, instance: dg.DagsterInstance, versions: list[Manifest]
) -> None:
    earlier, newer = versions
    result = revert(project, instance)
    [event] = materialized(result)
    shown = metadata_of(event)
    assert project.store.head(earlier.ref) == earlier
    assert (shown["version"], shown["outcome"]) == (earlier.version, f"reverted from {newer.version}")
    assert (event.tags or {})["dagster/data_version"] == earlier.fingerprint


def test_who_and_why_are_in_the_log_of_heads(
    project: Project, instance: dg.DagsterInstance, versions: list[Manifest]
) -> None:
    revert(project, instance, who="Ada")
    entry = project.store.heads.entries(versions[0].ref)[-1]
    assert (entry.action, entry.note, entry.by and entry.by.user) == ("revert", "the newer is wrong", "Ada")


def test_a_version_can_be_chosen(project: Project, instance: dg.DagsterInstance, versions: list[Manifest]) -> None:
    revert(project, instance)
    assert revert(project, instance, version=versions[1].version).success
    assert project.store.head(versions[1].ref) == versions[1]


def test_the_run_says_what_was_built_from_another_content_and_how_long_it_lasts(
    project: Project, instance: dg.DagsterInstance, versions: list[Manifest]
) -> None:
    result = revert(project, instance)
    earlier, newer = (manifest.version for manifest in versions)
    assert f"1 partition was built from different content: {PROMPTS}." in logged(instance, result)
    assert f'select `key:"{PROMPTS}"` under Lineage' in next_steps(result)
    assert f"leave out {TEMPLATES} itself" in next_steps(result)
    assert f"`sg-assets why '{TEMPLATES}' --from {earlier} --to {newer}`" in next_steps(result)


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"asset_partition": PROMPTS}, "no earlier version exists to go back to"),
        ({"asset_partition": "templated/template"}, "Did you mean 'templated/templates'"),
        ({"version": "01M8MDV8S4QEWHVPF15VYW4QJJ-40aeae3c"}, "unknown version"),
        ({"why": ""}, "no reason is given"),
    ],
)
def test_what_cannot_be_done_is_refused_before_anything_happens(
    project: Project, instance: dg.DagsterInstance, versions: list[Manifest], config: dict[str, str], message: str
) -> None:
    result = revert(project, instance, **config)
    assert message in failure(result)
    assert events_of_assets(result) == []
    assert project.store.head(versions[1].ref) == versions[1]


def test_dagster_knows_again_what_the_version_was_built_from(project: Project, instance: dg.DagsterInstance) -> None:
    job = build_definitions(project).resolve_implicit_global_asset_job_def()
    key = dg.AssetKey(TEMPLATES.split("/"))
    materialization = materialized(job.execute_in_process(asset_selection=[key], instance=instance))[0]
    step(project.store, TEMPLATES, writing(ROWS), made_by=recipe(seed=1), run_id="later")
    assert revert(project, instance).success
    latest = instance.get_latest_materialization_event(key)
    assert latest is not None
    assert latest.asset_materialization is not None
    assert latest.asset_materialization.tags == materialization.tags
    assert latest.asset_materialization.metadata["version"] == materialization.metadata["version"]
    assert project.store.required_head(Ref.parse(TEMPLATES)).version == materialization.metadata["version"].value
