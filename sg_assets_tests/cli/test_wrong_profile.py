"""A profile that is not declared is reported by every command alike, and nothing is created for it."""

from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from sg_assets.cli.app import app
from sg_assets.errors import NotDeclaredError

FURTHER: dict[str, list[str]] = {"accept": ["--why", "x"], "release": ["folder"], "label": ["sample", "is_toxic"]}
"""What commands need besides their required arguments."""


def commands() -> dict[str, list[str]]:
    """Arguments that each command can begin with."""
    listed: dict[str, list[str]] = {}
    for name, command in sorted(get_command(app).commands.items()):  # type: ignore[attr-defined]
        required = [parameter for parameter in command.params if parameter.required]
        listed[name] = ["raw/forum_comments"] * len(required) + FURTHER.get(name, [])
    return listed


@pytest.mark.parametrize(("command", "arguments"), commands().items(), ids=commands())
def test_every_command_names_the_nearest_profile(
    command: str, arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SG_PROFILE", "tinny")
    monkeypatch.setenv("SG_HOME", str(tmp_path / "home"))
    result = CliRunner().invoke(app, [command, *arguments])
    assert isinstance(result.exception, NotDeclaredError), result.output
    assert str(result.exception) == "SG_PROFILE: unknown profile 'tinny'. Did you mean 'tiny'?"
    assert list(tmp_path.iterdir()) == []
