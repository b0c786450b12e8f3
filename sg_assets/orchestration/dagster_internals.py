"""All imports of Dagster's private modules, each with the reason: a new Dagster that moves any breaks here alone."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import dagster as dg
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition
from dagster._core.errors import DagsterPipesExecutionError
from dagster._core.event_api import EventLogCursor
from dagster._core.storage.dagster_run import FINISHED_STATUSES
from dagster_shared.error import SerializableErrorInfo

if TYPE_CHECKING:
    from subprocess import Popen

    from dagster._core.storage.event_log import SqliteEventLogStorage

__all__ = [
    "FINISHED_STATUSES",
    "DagsterPipesExecutionError",
    "SerializableErrorInfo",
    "UnresolvedAssetJobDefinition",
    "cursor_after",
    "instance_config_problem",
    "sqlite_event_log",
    "start_webserver_as",
]

# UnresolvedAssetJobDefinition: the type that `dg.define_asset_job` returns; the public modules do not export it.
# DagsterPipesExecutionError: the only error that says a Pipes process ended with a failure; its public base class is
#   raised for everything else, too.
# dagster._cli.dev: `dagster dev` has no option that names the webserver it starts.
# SerializableErrorInfo: the type of an error and its causes in a run's events; the public modules do not export it.
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


def instance_config_problem(home: Path) -> str | None:
    """Why Dagster refuses the ``dagster.yaml`` of a folder, by its own schema; None where it takes it.

    The public interface reads the file only together with the records, and says so in a traceback.
    """
    from dagster._core.errors import DagsterInvalidConfigError
    from dagster._core.instance.config import dagster_instance_config

    try:
        dagster_instance_config(str(home))
    except DagsterInvalidConfigError as error:
        reasons = [problem.message.partition(" Expected: ")[0] for problem in error.errors or []] or [str(error)]
        return " ".join(" ".join(reasons).split())[:_REASON_LENGTH]
    except (TypeError, AttributeError, ValueError):  # its checks take a value of another kind for a mapping
        return "a value is of another kind than Dagster reads there"
    return None


_REASON_LENGTH: Final = 500
"""Characters shown of a reason."""
_WEBSERVER: Final = "dagster_webserver"
_DAEMON: Final = "dagster._daemon"


def start_webserver_as(module: str, options: Sequence[str]) -> None:
    """Let `dagster dev`, run in this process, start its webserver as another module, with more options.

    A Dagster that starts its services in a way not known here fails to start, instead of starting without the module.
    """
    from dagster._cli import dev

    original = dev.open_ipc_subprocess  # type: ignore[attr-defined]

    def opened(parts: Sequence[str], **keywords: Any) -> "Popen[Any]":  # noqa: ANN401 - passed on as given
        return original(webserver_command(parts, module, options), **keywords)

    dev.open_ipc_subprocess = opened  # type: ignore[attr-defined]


def webserver_command(parts: Sequence[str], module: str, options: Sequence[str]) -> list[str]:
    """The command of a service of `dagster dev`, where the webserver is another module.

    Raises:
        RuntimeError: it is neither the webserver nor the daemon.
    """
    python, flag, service, *arguments = parts
    if (flag, service) == ("-m", _DAEMON):
        return list(parts)
    if (flag, service) != ("-m", _WEBSERVER):
        raise RuntimeError(f"this Dagster starts a service that is not known: {service}")
    return [python, flag, module, *options, *arguments]
