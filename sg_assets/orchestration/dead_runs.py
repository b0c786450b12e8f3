"""Runs whose process is gone: killed, or taken down with the machine. Dagster counts them as started for ever.

Its default launcher cannot tell that a run's process is gone. Without this, every later training and generation would
wait for a slot in a pool that a dead run holds, and nobody would be alerted.
"""

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import dagster as dg
from filelock import FileLock, Timeout

from sg_assets.orchestration.dagster_internals import FINISHED_STATUSES, sqlite_event_log
from sg_assets.processes.presence import PRESENCES, SERVER_TITLE, Presence, forget, gone, is_alive, living

PROCESS_TAG: Final = "sg_assets/process"
"""The tag of a run that names the presence of the process that runs it."""
ENDED: Final = "The run's process is gone"
"""How the message of a run begins that was ended here."""

_PARTITION_TAG: Final = "dagster/partition"
_CLOCK_SECONDS: Final = 2.0
"""By how much a process may seem younger than what it logged."""
_HEARTBEAT_SECONDS: Final = 120.0
"""A daemon that lives has said so within this time; it does every half minute."""
_START_SECONDS: Final = 180.0
"""The longest that a process needs from its launch to its first event, as Dagster counts it."""
_ORPHAN_SECONDS: Final = 30.0
"""The same where the server that launched it is gone, and other processes of it may live."""
_LONELY_SECONDS: Final = 3.0
"""The same where no process of it lives: a script may create a run and begin it at once."""
_LOCK_SECONDS: Final = 60.0
_UNFINISHED: Final = tuple(status for status in dg.DagsterRunStatus if status not in FINISHED_STATUSES)


@dataclass(frozen=True)
class EndedRun:
    """A run that was ended here because its process is gone."""

    run_id: str
    title: str
    """What it was to make."""
    reason: str
    """What is known of its process's end."""

    def __str__(self) -> str:
        """The run and its end, for people."""
        return f"run {self.run_id[:8]} ({self.title}) ended: {self.reason}"


def presences_folder(instance: dg.DagsterInstance) -> Path:
    """Where the processes of an instance show that they live."""
    return Path(instance.root_directory) / PRESENCES


def end_dead_runs(instance: dg.DagsterInstance, *, with_queued: bool = False) -> list[EndedRun]:
    """Mark as failed every run whose process is gone, and free its slots in pools.

    Only where Dagster's own records are on this machine: elsewhere a process id says nothing.

    Args:
        instance: Dagster's records.
        with_queued: Whether to end runs that wait in a queue that no server empties any more. A server that is about
            to start goes on with them.

    Returns:
        The runs that were ended. A slot that a finished or deleted run still held is freed without being named.
    """
    storage = sqlite_event_log(instance)
    if storage is None:
        forget(presences_folder(instance), gone(presences_folder(instance)))
        return []
    try:
        with FileLock(Path(instance.root_directory) / "dead_runs.lock").acquire(timeout=_LOCK_SECONDS):
            ended = _end_all(instance, with_queued=with_queued)
            for run_id in storage.get_concurrency_run_ids():
                if _holds_no_slot(instance, run_id):
                    storage.free_concurrency_slots_for_run(run_id)
    except Timeout:
        return []  # another process does it
    return ended


def _end_all(instance: dg.DagsterInstance, *, with_queued: bool) -> list[EndedRun]:
    folder = presences_folder(instance)
    processes = {shown.id: shown for shown in gone(folder)}
    ended: list[EndedRun] = []
    is_settled = True
    for record in instance.get_run_records(dg.RunsFilter(statuses=list(_UNFINISHED))):
        run = record.dagster_run
        if run.status is dg.DagsterRunStatus.QUEUED and not with_queued:
            continue
        reason = _reason(instance, record, processes)
        if reason is None:
            is_settled = is_settled and run.tags.get(PROCESS_TAG) is not None
        elif _end(instance, run.run_id, reason):
            ended.append(EndedRun(run.run_id, _title(run), reason))
    if is_settled:  # else a process without a presence may be about to end: the next command looks again
        forget(folder, list(processes.values()))
    return ended


def _reason(instance: dg.DagsterInstance, record: dg.RunRecord, processes: dict[str, Presence]) -> str | None:
    """Why the process of an unfinished run is known to be gone; None where it may live."""
    run, folder = record.dagster_run, presences_folder(instance)
    shown = run.tags.get(PROCESS_TAG)
    if shown is not None:
        return None if is_alive(folder, shown) else _end_of(processes.get(shown))
    age = datetime.now(UTC).timestamp() - record.update_timestamp.timestamp()
    if run.status is dg.DagsterRunStatus.QUEUED:
        is_waiting_in_vain = not _has_server(instance) and age > _orphan_seconds(instance)
        return "it waited in a queue, and the server that would start it is gone" if is_waiting_in_vain else None
    started = _started_by(instance, run.run_id)
    if started is not None:
        pid, at = started
        return None if _is_process_alive(pid, at) else f"process {pid} was killed, or the machine went down"
    limit = _START_SECONDS if _has_server(instance) else _orphan_seconds(instance)
    return "no process began it" if age > limit else None


def _end_of(process: Presence | None) -> str:
    if process is None:
        return "its process ended without finishing it"
    if process.is_of_earlier_boot:
        return f"the machine was restarted while {process} ran it"
    return f"{process} was killed, or what started it was"


def _end(instance: dg.DagsterInstance, run_id: str, reason: str) -> bool:
    """End a run, unless it has finished meanwhile."""
    run = instance.get_run_by_id(run_id)
    if run is None or run.is_finished:
        return False
    message = f"{ENDED}: {reason}."
    if run.status is dg.DagsterRunStatus.CANCELING:
        instance.report_run_canceled(run, message)
    else:
        instance.report_run_failed(run, message)
    return True


def _holds_no_slot(instance: dg.DagsterInstance, run_id: str) -> bool:
    """Whether a run in the records of pools is finished or deleted, and no process works for it any more."""
    run = instance.get_run_by_id(run_id)
    if run is None:
        return True
    if not run.is_finished:
        return False
    shown = run.tags.get(PROCESS_TAG)
    if shown is not None:
        return not is_alive(presences_folder(instance), shown)
    started = _started_by(instance, run_id)
    return started is None or not _is_process_alive(*started)


def _started_by(instance: dg.DagsterInstance, run_id: str) -> tuple[int, float] | None:
    """The process that began a run, and when; None where none did."""
    starts = instance.all_logs(run_id, of_type=dg.DagsterEventType.RUN_START)
    event = starts[-1].dagster_event if starts else None
    return None if event is None or event.pid is None else (event.pid, starts[-1].timestamp)


def _has_server(instance: dg.DagsterInstance) -> bool:
    """Whether a server lives that starts what is queued."""
    folder = presences_folder(instance)
    if any(shown.title == SERVER_TITLE for shown in living(folder)):
        return True
    if any(shown.title == SERVER_TITLE for shown in gone(folder)):
        return False
    beats = [beat.timestamp for beat in instance.get_daemon_heartbeats().values()]
    return max(beats, default=0.0) > datetime.now(UTC).timestamp() - _HEARTBEAT_SECONDS


def _orphan_seconds(instance: dg.DagsterInstance) -> float:
    """How long a run may wait for its process where no server lives: not for long if no process works in this home."""
    import psutil

    home = str(Path(instance.root_directory))
    workers = (
        process
        for process in psutil.process_iter(["environ"])
        if process.pid != os.getpid() and (process.info["environ"] or {}).get("DAGSTER_HOME") == home
    )
    return _LONELY_SECONDS if next(workers, None) is None else _ORPHAN_SECONDS


def _is_process_alive(pid: int, logged: float) -> bool:
    """Whether the process that logged something at a time still runs; ids are used again, but only later."""
    import psutil

    try:
        process = psutil.Process(pid)
        return bool(process.status() != psutil.STATUS_ZOMBIE and process.create_time() <= logged + _CLOCK_SECONDS)
    except psutil.NoSuchProcess:
        return False


def _title(run: dg.DagsterRun) -> str:
    assets = ", ".join(sorted("/".join(key.path) for key in run.asset_selection or ())) or run.job_name
    partition = run.tags.get(_PARTITION_TAG)
    return assets if partition is None else f"{assets}[{partition}]"
