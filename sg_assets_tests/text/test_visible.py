"""Names are shown, and obeyed by no terminal."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sg_assets.text.visible import visible, visible_line

SEQUENCES = {
    "colour": "\x1b[31mred",
    "title of the window": "\x1b]0;title\x07",
    "link": "\x1b]8;;http://evil.example\x1b\\here\x1b]8;;\x1b\\",
    "clipboard": "\x1b]52;c;ZXZpbA==\x07",
    "clear screen": "\x1b[2J\x1b[H",
    "up a line": "\x1b[1A\x1b[2Kerased",
    "answer of the terminal": "\x1b[6n",
    "device control": "\x1bPq#0\x1b\\",
    "eight-bit control sequence": "\x9b31m",
    "eight-bit command": "\x9d0;title\x9c",
    "carriage return": "good\rbad ",
    "backspace": "bad\b\b\bgood",
    "bell": "\x07",
    "form feed": "\x0c",
    "vertical tab": "\x0b",
    "delete": "\x7f",
    "shift out": "\x0e",
    "null": "a\0b",
    "next line": "a\x85b",
    "right to left override": "\u202etxt.exe",
    "isolate": "\u2067abc\u2069",
    "arabic mark": "\u061c",
    "line separator": "a\u2028b",
    "byte of a name": "caf\udce9",
    "lone surrogate": "\ud83d",
}


@pytest.mark.parametrize("text", SEQUENCES.values(), ids=SEQUENCES)
def test_what_a_terminal_obeys_is_written_out(text: str) -> None:
    shown = visible_line(text)
    assert shown.isprintable()
    assert shown != text
    assert "\\u" in shown
    shown.encode()


@given(st.text(st.characters(codec=None), max_size=40))
def test_nothing_else_changes_and_json_keeps_its_values(text: str) -> None:
    written = json.dumps(text, ensure_ascii=False)
    assert json.loads(visible(written)) == text
    assert visible(visible(text)) == visible(text)
    assert visible("".join(character for character in text if character.isalnum())) == "".join(
        character for character in text if character.isalnum()
    )


@pytest.mark.parametrize(
    "text", ["scores/toxigen[base]", "[red]x[/]", "walao 😂👨‍👩‍👧 ஐயோ", "a\tb\nc", "naïve “quoted”"]
)
def test_ordinary_texts_stay(text: str) -> None:
    assert visible(text) == text


def test_a_line_stays_a_line() -> None:
    assert visible_line("a\nb\r\nc") == "a\\nb\\u000d\\nc"
