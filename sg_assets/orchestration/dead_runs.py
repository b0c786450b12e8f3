"""Runs whose process was killed. Dagster counts them as started, and their slot in the GPU pool as taken.

Its default launcher cannot tell that a run's process is gone, so without this every later training and generation would
wait for ever for a slot that a dead run holds.
"""

import dagster as dg

from sg_assets.orchestration.dagster_internals import sqlite_event_log

_CLOCK_SECONDS = 2.0
"""By how much a process may seem younger than what it logged."""


def end_dead_runs(instance: dg.DagsterInstance) -> list[str]:
    """Mark as failed every run whose process is gone, of those that hold or await a slot in a pool; free that slot.

    Only where Dagster's own records are on this machine: elsewhere a process id says nothing.

    Returns:
        The ids of the dead runs.
    """
    storage = sqlite_event_log(instance)
    if storage is None:
        return []
    dead = sorted(run_id for run_id in storage.get_concurrency_run_ids() if _is_dead(instance, run_id))
    for run_id in dead:
        run = instance.get_run_by_id(run_id)
        if run is not None and not run.is_finished:
            instance.report_run_failed(run, "The run's process is gone: it was killed, or the machine went down.")
        storage.free_concurrency_slots_for_run(run_id)
    return dead


def _is_dead(instance: dg.DagsterInstance, run_id: str) -> bool:
    starts = instance.all_logs(run_id, of_type=dg.DagsterEventType.RUN_START)
    if not starts:
        return instance.get_run_by_id(run_id) is None  # not begun, or its records were deleted
    event = starts[-1].dagster_event
    return event is not None and event.pid is not None and not _is_alive(event.pid, starts[-1].timestamp)


def _is_alive(pid: int, logged: float) -> bool:
    """Whether the process that logged something at a time still runs; ids are used again, but only later."""
    import psutil

    try:
        process = psutil.Process(pid)
        return bool(process.status() != psutil.STATUS_ZOMBIE and process.create_time() <= logged + _CLOCK_SECONDS)
    except psutil.NoSuchProcess:
        return False
