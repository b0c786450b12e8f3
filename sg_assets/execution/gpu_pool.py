"""The size of Dagster's pool ``gpu``: how many steps of GPU work are in progress at a time."""

import dagster as dg

from sg_assets.errors import SgAssetsError
from sg_assets.execution.dagster_home import open_instance
from sg_assets.orchestration.pipes import GPU_POOL
from sg_assets.orchestration.project import Project, load_project
from sg_assets.settings import Settings


def size_gpu_pool(instance: dg.DagsterInstance, project: Project) -> None:
    """Give the pool a slot for each lane, and for each card where there are more: the UI starts runs without lanes."""
    profile = project.declared.profile
    cards = 0 if profile.local is None else profile.local.gpus
    instance.event_log_storage.set_concurrency_slots(GPU_POOL, max(profile.lane_count, cards))


def size_gpu_pool_of_server(settings: Settings) -> None:
    """The same before the UI starts, which does not load declarations itself: what is wrong with them, it shows."""
    try:
        project = load_project()
    except SgAssetsError:
        return
    with open_instance(settings) as instance:
        size_gpu_pool(instance, project)
