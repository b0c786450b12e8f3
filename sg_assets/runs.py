"""Materializing the whole graph in this process, recorded in Dagster like any other run."""

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

import dagster as dg

from sg_assets.assets.project import Project
from sg_assets.dead_runs import end_dead_runs
from sg_assets.declarations.batches import Batch, batches
from sg_assets.definitions import build_definitions
from sg_assets.errors import SgAssetsError
from sg_assets.settings import Settings
from sg_assets.store.refs import Ref

_DAGSTER_YAML = """\
# Written once by sg-assets; yours to change.
telemetry: {enabled: false}
nux: {enabled: false}
run_monitoring: {enabled: true}
concurrency:
  pools: {default_limit: 1, granularity: op}
"""
_QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


@dataclass(frozen=True)
class Progress:
    """One finished run."""

    place: int
    total: int
    batch: Batch
    seconds: float


def prepare_dagster_home(settings: Settings) -> Path:
    """The profile's Dagster home, with a ``dagster.yaml`` where there was none."""
    settings.dagster_home.mkdir(parents=True, exist_ok=True)
    config = settings.dagster_home / "dagster.yaml"
    if not config.exists():
        config.write_text(_DAGSTER_YAML, encoding="utf-8")
    return settings.dagster_home


def materialize(
    project: Project,
    started: Callable[[int, int, Batch], None],
    told: Callable[[Progress], None],
    refs: Collection[Ref] | None = None,
) -> None:
    """Bring assets of the project up to date, upstream first; what is up to date costs a look.

    Args:
        project: What to materialize.
        started: Called before each run with its place, the number of runs, and what it makes.
        told: Called after each run.
        refs: What to materialize, with all it is made from; everything where absent.

    Raises:
        SgAssetsError: a step failed; names it and its reason. What was published before stays.
    """
    job = build_definitions(project).resolve_implicit_global_asset_job_def()
    planned = batches(project.graph, refs)
    with dg.DagsterInstance.from_config(str(prepare_dagster_home(project.settings))) as instance:
        end_dead_runs(instance)
        for place, batch in enumerate(planned, start=1):
            started(place, len(planned), batch)
            begun = time.monotonic()
            result = job.execute_in_process(
                instance=instance,
                asset_selection=[dg.AssetKey(asset.split("/")) for asset in batch.assets],
                partition_key=batch.partition,
                run_config=_QUIET,
                raise_on_error=False,
            )
            if not result.success:
                raise _failure(batch, result)
            told(Progress(place, len(planned), batch, time.monotonic() - begun))


def _failure(batch: Batch, result: dg.ExecuteInProcessResult) -> SgAssetsError:
    for event in result.all_events:
        if event.is_step_failure and event.step_failure_data.error is not None:
            error = event.step_failure_data.error
            root = error.cause or error
            return SgAssetsError(f"step {event.step_key} failed", where=batch.title, why=root.message.strip())
    return SgAssetsError("the run failed", where=batch.title, remedy="Look at its log in the Dagster UI (make ui)")
