"""The command line as a whole: what it offers, and how a command ends that fails."""

import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from sg_assets.cli.app import app, main

COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What ``main`` sets for the processes it starts is no business of the next test."""
    monkeypatch.setenv("PYTHONSAFEPATH", "")
    monkeypatch.delenv("PYTHONSAFEPATH")


def help_of(*command: str) -> str:
    result = CliRunner().invoke(app, [*command, "--help"], env={"COLUMNS": "80"}, catch_exceptions=False)
    assert result.exit_code == 0
    return " ".join(result.output.split())


def test_every_command_is_listed_with_a_sentence() -> None:
    listed = help_of()
    for name, command in COMMANDS.items():
        assert f" {name} " in listed
        assert command.help.endswith((".", "."))


@pytest.mark.parametrize("name", COMMANDS)
def test_help_shows_every_option_as_it_is_described(name: str) -> None:
    shown = help_of(name)
    for parameter in COMMANDS[name].params:
        assert parameter.help, parameter.name
        assert " ".join(parameter.help.split()) in shown


def test_bad_input_ends_in_one_line_and_status_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: object
) -> None:
    monkeypatch.setenv("SG_HOME", str(tmp_path))
    monkeypatch.setenv("SG_PROFILE", "tiny")
    monkeypatch.setattr(sys, "argv", ["sg-assets", "show", "nope"])
    monkeypatch.setattr("sg_assets.cli.app.quiet_teardown", lambda: None)
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    assert capsys.readouterr().err.startswith("error unknown version 'nope'. List versions with")


def ended(monkeypatch: pytest.MonkeyPatch, error: Exception, **variables: str) -> int:
    """The status that ``main`` ends with where a command raises an error."""

    def failing() -> None:
        raise error

    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "argv", ["sg-assets", "status"])
    monkeypatch.setattr("sg_assets.cli.app.quiet_teardown", lambda: None)
    monkeypatch.setattr("sg_assets.cli.app.app", failing)
    with pytest.raises(SystemExit) as exited:
        main()
    assert isinstance(exited.value.code, int)
    return exited.value.code


def test_an_error_that_nobody_foresaw_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("SG_TRACEBACK", raising=False)
    assert ended(monkeypatch, LookupError("a text of data")) == 1
    shown = capsys.readouterr().err
    assert "LookupError" in shown
    assert "a text of data" not in shown
    assert shown.count("\n") == 1


def test_its_traceback_is_shown_where_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(LookupError):
        ended(monkeypatch, LookupError("a text of data"), SG_TRACEBACK="1")


def test_processes_that_it_starts_import_nothing_from_the_folder_it_is_run_in(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert ended(monkeypatch, LookupError("x")) == 1
    (tmp_path / "colorsys.py").write_text("raise SystemExit('imported')")
    command = [sys.executable, "-m", "colorsys"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
