"""Everything Dagster loads."""

import dagster as dg

from sg_assets.execution.dead_runs import dead_runs
from sg_assets.orchestration.acts.accept import accept_job
from sg_assets.orchestration.asset_def import build_asset
from sg_assets.orchestration.asset_defs import asset_defs_of
from sg_assets.orchestration.assets.external_sources import source_specs
from sg_assets.orchestration.assets.status import status_asset
from sg_assets.orchestration.automation import sensors
from sg_assets.orchestration.jobs import partition_jobs
from sg_assets.orchestration.monitoring import freshness_checks_of, watching_sensors
from sg_assets.orchestration.policy import Policy
from sg_assets.orchestration.project import Project, load_project


def build_definitions(project: Project) -> dg.Definitions:
    """Definitions of a project: its graph's nodes as assets."""
    asset_defs = asset_defs_of(project)
    policy = Policy(project, asset_defs)
    assets = [policy.dressed(build_asset(project, name, asset_def)) for name, asset_def in asset_defs.items()]
    # One process a run: the cheap steps share its imports, and training leaves it anyway.
    return dg.Definitions(
        assets=[*assets, status_asset(project, asset_defs), *source_specs(project)],
        asset_checks=freshness_checks_of(project),
        jobs=[*partition_jobs(project), accept_job(project, asset_defs)],
        sensors=[
            dead_runs,
            *watching_sensors(project),
            *sensors(asset_defs, policy.conditions, policy.together),
        ],
        executor=dg.in_process_executor,
    )


@dg.definitions
def defs() -> dg.Definitions:
    """The project that the environment names."""
    return build_definitions(load_project())
