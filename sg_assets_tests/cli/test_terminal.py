"""Lines for people and for pipes."""

import pytest

from sg_assets.cli.terminal import print_error, print_line, print_lines
from sg_assets.errors import SgAssetsError


def test_names_in_brackets_are_no_markup(capsys: pytest.CaptureFixture[str]) -> None:
    print_line("scores/sg_safety[base] [bold]x[/]")
    assert capsys.readouterr().out == "scores/sg_safety[base] [bold]x[/]\n"


def test_a_long_line_stays_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    print_lines(["word " * 100, "end"])
    assert capsys.readouterr().out.splitlines() == [f"{'word ' * 100}".rstrip(" ") + " ", "end"]


def test_an_error_is_one_line_on_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    print_error(SgAssetsError("the file is missing", where=f"models/{'a' * 200}.yaml"))
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err == f"error models/{'a' * 200}.yaml: the file is missing.\n"
