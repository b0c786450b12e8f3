"""The command that opens the UI, without Dagster's server; with it: ``execution/test_server.py``."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sg_assets.cli.app import app
from sg_assets.errors import SgAssetsError
from sg_assets_tests.paths import PROJECT


def test_the_server_gets_workspace_port_and_home_and_its_status_is_the_command_s(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    served: list[tuple[Sequence[str], Path, Mapping[str, str]]] = []

    def run_server(arguments: Sequence[str], folder: Path, environment: Mapping[str, str]) -> int:
        served.append((arguments, folder, environment))
        return 3

    monkeypatch.setattr("sg_assets.execution.server.run_server", run_server)
    for name, value in {"SG_HOME": tmp_path / "home", "SG_PROJECT": PROJECT, "SG_PROFILE": "tiny"}.items():
        monkeypatch.setenv(name, str(value))
    monkeypatch.setattr("sg_assets.execution.server.require_free_port", lambda host, port: None)
    result = CliRunner().invoke(app, ["ui", "--port", "3456", "--read-only"], catch_exceptions=False)
    [(arguments, folder, environment)] = served
    assert result.exit_code == 3
    assert "http://127.0.0.1:3456" in result.output
    assert arguments == ["dev", "-w", str(PROJECT / "workspace.yaml"), "-h", "127.0.0.1", "-p", "3456"]
    assert (folder, environment["SG_PROFILE"], environment["SG_UI_READ_ONLY"]) == (PROJECT, "tiny", "1")
    assert (Path(environment["DAGSTER_HOME"]) / "dagster.yaml").exists()


def test_incidents_that_cannot_be_used_are_named_before_the_server_starts(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("sg_assets.execution.server.require_free_port", lambda host, port: None)
    for name, value in {"SG_HOME": tmp_path, "SG_PROJECT": PROJECT, "SG_PROFILE": "tiny"}.items():
        monkeypatch.setenv(name, str(value))
    (tmp_path / "tiny").mkdir()
    (tmp_path / "tiny" / "alerts.sqlite").write_text("no database" * 100)
    with pytest.raises(SgAssetsError, match=r"alerts\.sqlite: cannot be used as the incident database"):
        CliRunner().invoke(app, ["ui"], catch_exceptions=False)


def test_a_project_without_a_workspace_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("sg_assets.execution.server.require_free_port", lambda host, port: None)
    (tmp_path / "models" / "profiles").mkdir(parents=True)
    (tmp_path / "models" / "profiles" / "tiny.yaml").touch()
    for name, value in {"SG_HOME": tmp_path, "SG_PROJECT": tmp_path, "SG_PROFILE": "tiny"}.items():
        monkeypatch.setenv(name, str(value))
    with pytest.raises(SgAssetsError, match=r"workspace\.yaml: there is no such file.*Copy workspace\.yaml"):
        CliRunner().invoke(app, ["ui"], catch_exceptions=False)
