"""Lines for people and for pipes."""

import json
from collections.abc import Callable
from io import BytesIO, StringIO, TextIOWrapper

import pytest
from rich.table import Table
from rich.text import Text

from sg_assets.cli.terminal import (
    SafeConsole,
    console,
    prepare_streams,
    print_document,
    print_error,
    print_error_line,
    print_line,
    print_lines,
)
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


HOSTILE = "\x1b]0;owned\x07\x1b[2Ja\u202eb\x9b31m\r[red]x[/] [link=http://evil.example]y[/link] :smile:"


def printed(capsys: pytest.CaptureFixture[str]) -> str:
    shown = capsys.readouterr()
    return shown.out + shown.err


@pytest.mark.parametrize(
    "show",
    [
        print_line,
        print_error_line,
        print_document,
        lambda text: print_error(SgAssetsError(text, where=text, why=text, remedy=text)),
        lambda text: console.print(Text(text)),
        console.print,
        lambda text: console.print_json(data={text: text}),
        lambda text: console.print(Table(text, text)),
    ],
)
def test_no_terminal_obeys_a_name(show: Callable[[str], None], capsys: pytest.CaptureFixture[str]) -> None:
    show(HOSTILE)
    shown = printed(capsys)
    assert [character for character in shown if not character.isprintable() and character != "\n"] == []
    assert "\\u001b" in shown


def test_a_cell_keeps_its_brackets(capsys: pytest.CaptureFixture[str]) -> None:
    table = Table("Name", box=None)
    table.add_row("scores/a[base] [red]")
    console.print(table)
    assert "scores/a[base] [red]" in printed(capsys)


def test_colours_of_our_own_reach_the_terminal() -> None:
    file = StringIO()
    SafeConsole(file=file, force_terminal=True, color_system="standard").print(Text("a\x1b[0m", style="bold"))
    assert file.getvalue() == "\x1b[1ma\\u001b[0m\x1b[0m\n"


def test_json_that_is_shown_has_the_values_it_had(capsys: pytest.CaptureFixture[str]) -> None:
    console.print_json(data={"name": HOSTILE})
    assert json.loads(printed(capsys).replace("\n", "")) == {"name": HOSTILE}


def test_a_name_with_a_line_end_makes_no_line_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    print_line("a\nerror b")
    print_error(SgAssetsError("c", where="a\nerror b"))
    assert printed(capsys).splitlines() == ["a\\nerror b", "error a", "  error b: c."]


def test_letters_that_the_terminal_has_not_are_written_out(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = TextIOWrapper(BytesIO(), encoding="ascii")
    monkeypatch.setattr("sys.stdout", stream)
    prepare_streams()
    stream.write("ஐ\udce9")
    stream.flush()
    assert stream.buffer.getvalue() == rb"\u0b90\udce9"
