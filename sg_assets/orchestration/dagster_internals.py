"""All imports of Dagster's private modules, each with the reason: a new Dagster that moves any breaks here alone."""

from typing import TYPE_CHECKING

import dagster as dg
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition
from dagster._core.errors import DagsterPipesExecutionError
from dagster._core.event_api import EventLogCursor
from dagster._core.storage.dagster_run import FINISHED_STATUSES

if TYPE_CHECKING:
    from dagster._core.storage.event_log import SqliteEventLogStorage

__all__ = [
    "FINISHED_STATUSES",
    "DagsterPipesExecutionError",
    "UnresolvedAssetJobDefinition",
    "cursor_after",
    "sqlite_event_log",
]

# UnresolvedAssetJobDefinition: the type that `dg.define_asset_job` returns; the public modules do not export it.
# DagsterPipesExecutionError: the only error that says a Pipes process ended with a failure; its public base class is
#   raised for everything else, too.
# FINISHED_STATUSES: run statuses that never change again. A copy here would miss a status that Dagster adds.


def cursor_after(storage_id: int) -> str:
    """The cursor of `DagsterInstance.get_records_for_run` behind a record.

    The public answer has a cursor behind its last record alone, and records that are too recent are read again.
    """
    return EventLogCursor.from_storage_id(storage_id).to_string()


def sqlite_event_log(instance: dg.DagsterInstance) -> "SqliteEventLogStorage | None":
    """The instance's event log where it is SQLite on this machine: only there a run's process id means something.

    No public interface names the kind of storage, nor the runs that hold a slot in a concurrency pool.
    """
    from dagster._core.storage.event_log import SqliteEventLogStorage  # imports alembic, so only where it is needed

    storage = instance.event_log_storage
    return storage if isinstance(storage, SqliteEventLogStorage) else None
