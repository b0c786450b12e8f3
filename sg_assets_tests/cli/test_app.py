"""The command line as a whole: what it offers, and how a command ends that fails."""

import sys

import pytest
import typer
from typer.testing import CliRunner

from sg_assets.cli.app import app, main

COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined]


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
