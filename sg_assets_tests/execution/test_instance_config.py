"""A file in the home runs no code: what ``dagster.yaml`` may name."""

import os
import time
from pathlib import Path

import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.execution.dagster_home import prepare_dagster_home
from sg_assets.execution.instance_config import check_instance_config
from sg_assets.settings import read_settings

CODE = {
    "launcher": "run_launcher: {module: evil, class: Launcher}",
    "launcher of a known name": "run_launcher: {module: evil, class: DefaultRunLauncher}",
    "known module, other class": "run_launcher: {module: dagster, class: evil}",
    "module that runs at import": "run_launcher: {module: dagster.__main__, class: DefaultRunLauncher}",
    "storage": "storage: {custom: {module: evil, class: Storage, config: {}}}",
    "run storage": "run_storage: {module: evil, class: SqliteRunStorage}",
    "event log": "event_log_storage: {module: evil, class: A}",
    "schedules": "schedule_storage: {module: evil, class: A}",
    "logs": "compute_logs: {module: evil, class: A}",
    "artifacts": "local_artifact_storage: {module: evil, class: A}",
    "coordinator": "run_coordinator: {class: A, module: evil}",
    "scheduler": "scheduler: {module: evil, class: A}",
    "secrets": "secrets: {custom: {module: evil, class: A}}",
    "instance": "instance_class: {module: evil, class: A}",
    "state": "defs_state_storage: {module: evil, class: A}",
    "module alone": "run_launcher: {module: evil}",
    "no text": "run_launcher: {module: [evil], class: {a: b}}",
    "handler of logs": "python_logs: {dagster_handler_config: {handlers: {a: {class: evil.Handler}}}}",
    "factory": "python_logs: {dagster_handler_config: {handlers: {a: {(): os.system}}}}",
    "formatter": "python_logs: {dagster_handler_config: {formatters: {a: {(): evil.f}}}}",
    "imported text": "python_logs: {dagster_handler_config: {handlers: {a: {stream: 'ext://evil.x'}}}}",
    "alias": "a: &a {module: evil, class: A}\nrun_launcher: *a",
    "merged": "a: &a {module: evil}\nrun_launcher: {<<: *a, class: A}",
    "key twice": "run_launcher: {module: dagster, class: DefaultRunLauncher}\nrun_launcher: {module: evil, class: A}",
    "in a list": "run_queue: {tag_concurrency_limits: [{module: evil, class: A}]}",
}
HARMLESS = {
    "empty": "",
    "switches": "telemetry: {enabled: false}\nconcurrency: {pools: {default_limit: 2}}",
    "launcher": "run_launcher: {module: dagster, class: DefaultRunLauncher}",
    "logs": "compute_logs: {module: dagster._core.storage.local_compute_log_manager, class: LocalComputeLogManager}",
    "postgres": "run_storage: {module: dagster_postgres.run_storage, class: PostgresRunStorage, config: {}}",
    "postgres in short": "storage: {postgres: {postgres_url: {env: URL}}}",
    "levels": "python_logs: {python_log_level: INFO}",
}
UNREADABLE = {
    "tag": "a: !!python/object/apply:os.system [id]",
    "no end": "a: {b",
    "tab": "a:\n\t- b",
    "list": "- a",
    "text": "telemetry",
    "bytes": b"\xff\xfe\x00",
    "control": b"a: \x01",
    "deep": "a: " + "[" * 1200,
    "huge": "#" * 200_000,
    "unhashable": "? {a: b}\n: c",
}


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("SG_DAGSTER_CLASSES", raising=False)
    return tmp_path / "dagster.yaml"


@pytest.mark.parametrize("text", CODE.values(), ids=CODE)
def test_code_that_it_names_is_refused(config: Path, text: str) -> None:
    config.write_text(text)
    with pytest.raises(SgAssetsError, match=r"is not a class of Dagster.*SG_DAGSTER_CLASSES"):
        check_instance_config(config)


@pytest.mark.parametrize("text", HARMLESS.values(), ids=HARMLESS)
def test_what_dagster_comes_with_is_allowed(config: Path, text: str) -> None:
    config.write_text(text)
    check_instance_config(config)


def test_a_class_is_declared_by_the_environment(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config.write_text("run_launcher: {module: ours.launch, class: Launcher}")
    monkeypatch.setenv("SG_DAGSTER_CLASSES", "ours.Other, ours.launch.Launcher")
    check_instance_config(config)
    monkeypatch.setenv("SG_DAGSTER_CLASSES", "ours.launch")
    with pytest.raises(SgAssetsError, match=r"'ours\.launch\.Launcher' is not a class"):
        check_instance_config(config)


@pytest.mark.parametrize("text", UNREADABLE.values(), ids=UNREADABLE)
def test_a_file_that_is_no_configuration_is_named(config: Path, text: str | bytes) -> None:
    config.write_bytes(text.encode() if isinstance(text, str) else text)
    started = time.monotonic()
    with pytest.raises(SgAssetsError, match=r"dagster\.yaml: Dagster's configuration cannot be read"):
        check_instance_config(config)
    assert time.monotonic() - started < 5


def test_aliases_that_lead_back_or_multiply_end(config: Path) -> None:
    levels = "\n".join(f"a{level}: &a{level} [*a{level - 1}, *a{level - 1}]" for level in range(1, 60))
    config.write_text(f"a0: &a0 [x]\n{levels}\nb: &b {{c: *b}}")
    check_instance_config(config)


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo, lambda path: path.symlink_to("/dev/zero")])
def test_what_is_no_file_is_not_read(config: Path, make: object) -> None:
    assert callable(make)
    make(config)
    with pytest.raises(SgAssetsError, match="It is no regular file"):
        check_instance_config(config)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("run_launcher: {module: evil, class: Launcher}", "is not a class of Dagster"),
        ("telemetri: {enabled: false}", 'unexpected config entry "telemetri"'),
        ("run_monitoring: 3", "run_monitoring must be dict"),
        ("storage: 3", "of another kind"),
    ],
)
def test_nothing_is_made_where_it_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, why: str
) -> None:
    monkeypatch.setenv("SG_HOME", str(tmp_path))
    monkeypatch.setenv("SG_PROFILE", "tiny")
    config = read_settings().dagster_home / "dagster.yaml"
    config.parent.mkdir(parents=True)
    config.write_text(text)
    with pytest.raises(SgAssetsError, match=why):
        prepare_dagster_home(read_settings())
    assert list(config.parent.iterdir()) == [config]
