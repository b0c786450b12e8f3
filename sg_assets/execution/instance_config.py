"""What ``dagster.yaml`` may say: it lies in the home, and a file there must not run code when it is read.

Dagster imports the classes that this file names (launchers, storages, handlers of logs) in every process. Whoever can
write into a shared home could so run code as everybody who uses it. Classes of Dagster itself are allowed; others are
declared by the environment of whoever runs the command.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import yaml

from sg_assets.errors import SgAssetsError
from sg_assets.processes.environment_paths import quoted, readable_value

CLASSES_VARIABLE: Final = "SG_DAGSTER_CLASSES"
"""Names the classes, besides Dagster's own, that ``dagster.yaml`` may name: ``package.module.Class``, with commas."""
_MODULES: Final = {
    "DefaultRunLauncher": ("dagster", "dagster._core.launcher"),
    "QueuedRunCoordinator": ("dagster", "dagster._core.run_coordinator"),
    "DefaultRunCoordinator": ("dagster", "dagster._core.run_coordinator"),
    "DagsterDaemonScheduler": ("dagster._core.scheduler",),
    "LocalComputeLogManager": ("dagster._core.storage.local_compute_log_manager",),
    "NoOpComputeLogManager": ("dagster._core.storage.noop_compute_log_manager",),
    "LocalArtifactStorage": ("dagster._core.storage.root",),
    "DagsterSqliteStorage": ("dagster._core.storage.sqlite_storage",),
    "SqliteRunStorage": ("dagster._core.storage.runs",),
    "SqliteEventLogStorage": ("dagster._core.storage.event_log",),
    "ConsolidatedSqliteEventLogStorage": ("dagster._core.storage.event_log",),
    "SqliteScheduleStorage": ("dagster._core.storage.schedules",),
    "DagsterPostgresStorage": ("dagster_postgres", "dagster_postgres.storage"),
    "PostgresRunStorage": ("dagster_postgres", "dagster_postgres.run_storage"),
    "PostgresEventLogStorage": ("dagster_postgres", "dagster_postgres.event_log"),
    "PostgresScheduleStorage": ("dagster_postgres", "dagster_postgres.schedule_storage"),
}
"""Dagster's own classes and the modules they are known by: importing those runs nothing that a file decides."""
_MOST_BYTES: Final = 100_000
"""A ``dagster.yaml`` has a few hundred."""
_REMEDY: Final = "Correct it, or move it away: a new file is written"
_IMPORTED: Final = "ext://"
"""Begins a text that Python's configuration of logs imports."""


def check_instance_config(config: Path) -> None:
    """Raise where ``dagster.yaml`` cannot be read, or names code that is not trusted.

    Raises:
        SgAssetsError: names the class, and the variable that declares it.
    """
    document = _document(config)
    if document is not None and not isinstance(document, dict):
        raise _unreadable(config, "it is no mapping of keys to values")
    declared = {name.strip() for name in readable_value(CLASSES_VARIABLE).split(",")}
    untrusted = [name for name in _named_code(document) if name not in declared]
    if untrusted:
        raise SgAssetsError(
            f"{quoted(untrusted[0])} is not a class of Dagster", where=str(config),
            why="a class that this file names runs in every command, and whoever can write the file chooses it",
            remedy=f"Move the file away; or, if you know the class, set {CLASSES_VARIABLE}=package.module.Class",
        )  # fmt: skip


def _document(config: Path) -> object:
    try:
        if not config.is_file():
            raise _unreadable(config, "it is no regular file", "Move away what is there; a new file is written")
        if config.stat().st_size > _MOST_BYTES:
            raise _unreadable(config, f"it has more than {_MOST_BYTES:,} bytes", "Move it away; a new file is written")
        return yaml.safe_load(config.read_text(encoding="utf-8"))
    except OSError as error:
        raise _unreadable(config, error.strerror or "", "Check the permissions of the file") from error
    except yaml.MarkedYAMLError as error:
        line = "" if error.problem_mark is None else f"line {error.problem_mark.line + 1}: "
        raise _unreadable(config, f"{line}{error.problem or 'it is no YAML'}") from error
    except (yaml.YAMLError, UnicodeError, RecursionError, ValueError) as error:
        raise _unreadable(config, "it is no YAML in UTF-8, or too deep") from error


def _unreadable(
    config: Path, why: str, remedy: str = "Correct it, or move it away: a new file is written"
) -> SgAssetsError:
    return SgAssetsError("Dagster's configuration cannot be read", where=str(config), why=why, remedy=remedy)


def _named_code(document: object) -> Iterator[str]:
    """Everything in a document that Dagster, or Python's logging, would import and that is not Dagster's own."""
    waiting, seen = [document], set[int]()
    while waiting:
        node = waiting.pop()
        if id(node) in seen:  # aliases may lead back
            continue
        seen.add(id(node))
        if isinstance(node, dict):
            yield from _class_named_by(node)
            waiting.extend([*node.keys(), *node.values()])
        elif isinstance(node, list | tuple | set):
            waiting.extend(node)
        elif isinstance(node, str) and node.strip().lower().startswith(_IMPORTED):
            yield node


def _class_named_by(node: dict[Any, Any]) -> Iterator[str]:
    if "()" in node:  # a factory of Python's logging
        yield str(node["()"])
    if "module" in node or "class" in node:
        module, name = node.get("module"), node.get("class")
        if not isinstance(name, str) or module not in _MODULES.get(name, ()):
            yield ".".join(str(part) for part in (module, name) if part is not None)
