"""The definitions that Dagster loads."""

import dagster as dg

from sg_assets.orchestration.acts.act_jobs import act_jobs
from sg_assets.orchestration.asset_builder import build_asset
from sg_assets.orchestration.asset_defs import asset_defs_of
from sg_assets.orchestration.assets.sources import external_source_specs
from sg_assets.orchestration.assets.status import status_asset
from sg_assets.orchestration.checks.freshness import freshness_checks
from sg_assets.orchestration.partition_jobs import partition_jobs
from sg_assets.orchestration.policy import Policy
from sg_assets.orchestration.project import Project, load_project
from sg_assets.orchestration.sensors import automation_sensors, dead_runs, monitoring_sensors
from sg_assets.processes.file_access import limit_file_access


def build_definitions(project: Project) -> dg.Definitions:
    """Definitions of a project: its graph's nodes as assets."""
    asset_defs = asset_defs_of(project)
    policy = Policy(project, asset_defs)
    assets = [policy.applied_to(build_asset(project, name, asset_def)) for name, asset_def in asset_defs.items()]
    # A single process for each run: the cheap steps share its imports, and training starts processes of its own anyway.
    return dg.Definitions(
        assets=[*assets, status_asset(project, asset_defs), *external_source_specs(project)],
        asset_checks=freshness_checks(project),
        jobs=[*partition_jobs(project), *act_jobs(project, asset_defs)],
        sensors=[
            dead_runs,
            *monitoring_sensors(project),
            *automation_sensors(asset_defs, policy.conditions, policy.made_with),
        ],
        executor=dg.in_process_executor,
    )


@dg.definitions
def defs() -> dg.Definitions:
    """The project that the environment names. What its processes write is for the owner, as with our own commands."""
    limit_file_access()
    return build_definitions(load_project())
