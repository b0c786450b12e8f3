"""The events of a version that an act made current."""

import dagster as dg

from sg_assets.orchestration.acts.current_version import current_events
from sg_assets.orchestration.asset_defs import asset_defs_of
from sg_assets.orchestration.project import Project
from sg_assets.store.step import Outcome
from sg_assets_tests.orchestration.older import TEMPLATES, made_by_older_code

SHOWN = {"outcome": "reverted", "why": "a mistake"}


def test_the_materialization_is_the_version_s_with_what_the_act_says(
    project: Project, instance: dg.DagsterInstance
) -> None:
    made = made_by_older_code(project, TEMPLATES)
    first, *checks = current_events(instance, project, asset_defs_of(project), Outcome(made, True, None), SHOWN)
    assert isinstance(first, dg.AssetMaterialization)
    assert first.asset_key == dg.AssetKey(TEMPLATES.split("/"))
    assert first.description == "reverted: a mistake"
    assert first.metadata["version"].value == made.version
    assert (first.tags or {})["dagster/data_version"] == made.fingerprint
    assert all(isinstance(check, dg.AssetCheckEvaluation) for check in checks)


def test_the_tags_of_its_first_materialization_are_kept(project: Project, instance: dg.DagsterInstance) -> None:
    made = made_by_older_code(project, TEMPLATES)
    key, read = dg.AssetKey(TEMPLATES.split("/")), "dagster/input_data_version/raw/t"
    instance.report_runless_asset_event(
        dg.AssetMaterialization(key, metadata={"version": made.version}, tags={read: "abc"})
    )
    instance.report_runless_asset_event(dg.AssetMaterialization(key, metadata={"version": "other"}, tags={read: "x"}))
    first = next(current_events(instance, project, asset_defs_of(project), Outcome(made, True, None), SHOWN))
    assert isinstance(first, dg.AssetMaterialization)
    assert (first.tags or {})[read] == "abc"
