"""Everything Dagster loads."""

import dagster as dg

from sg_assets.processes.gc_paused import gc_paused

# All that is imported stays, as what is made of it does.
with gc_paused():
    from sg_assets.execution.dead_runs import dead_runs
    from sg_assets.orchestration.acts.accept import accept_job
    from sg_assets.orchestration.asset_def import AssetDef, build_asset
    from sg_assets.orchestration.assets.adapters import adapter_assets
    from sg_assets.orchestration.assets.benchmarks import benchmark_assets
    from sg_assets.orchestration.assets.divergence import divergence_assets
    from sg_assets.orchestration.assets.external_sources import source_specs
    from sg_assets.orchestration.assets.labelled import labelled_assets
    from sg_assets.orchestration.assets.leaderboard import leaderboard_assets
    from sg_assets.orchestration.assets.model_cards import model_card_assets
    from sg_assets.orchestration.assets.models import model_assets
    from sg_assets.orchestration.assets.objectives import objective_assets
    from sg_assets.orchestration.assets.releases import release_assets
    from sg_assets.orchestration.assets.reports import report_assets
    from sg_assets.orchestration.assets.sources import source_assets
    from sg_assets.orchestration.assets.sql import sql_assets
    from sg_assets.orchestration.assets.status import status_asset
    from sg_assets.orchestration.assets.synthesized import synthesized_assets
    from sg_assets.orchestration.automation import sensors
    from sg_assets.orchestration.jobs import partition_jobs
    from sg_assets.orchestration.monitoring import freshness_checks_of, watching_sensors
    from sg_assets.orchestration.policy import Policy
    from sg_assets.orchestration.project import Project, load_project


def asset_defs_of(project: Project) -> dict[str, AssetDef]:
    """How each step of a project's graph is made, by the asset it is named for."""
    asset_defs = {
        **source_assets(project),
        **labelled_assets(project),
        **model_assets(project),
        **sql_assets(project),
        **synthesized_assets(project),
        **adapter_assets(project),
        **benchmark_assets(project),
        **divergence_assets(project),
        **objective_assets(project),
        **leaderboard_assets(project),
        **report_assets(project),
        **model_card_assets(project),
        **release_assets(project),
    }
    steps = [node.asset for node in project.graph.nodes.values() if node.made_with is None]
    return {name: asset_defs[name] for name in steps}


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
    with gc_paused():
        return build_definitions(load_project())
