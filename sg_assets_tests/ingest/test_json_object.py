"""One line of JSON, read exactly."""

import json
import sys

import pytest

from sg_assets.ingest.columns import ColumnNames
from sg_assets.ingest.json_object import JsonLineError, read_object

NAMES = ColumnNames(text=("text", "body"), source=("source", "thread"), split=("side",))
JOINED = NAMES.model_copy(update={"join_text_parts": True})


def fields(line: str, names: ColumnNames = NAMES) -> tuple[str | None, ...]:
    values = read_object(line, names)
    return values["text"], values["source"], values["split"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('{"text": "a", "body": "b"}', "a"),
        ('{"text": null, "body": "b"}', "b"),
        ('{"text": " \\u3000", "BODY": "b"}', "b"),
        ('{"body": "b", "Text": "a"}', "a"),
        ('{"x": {"text": "no"}}', None),
        ('{"text": ""}', None),
        ('{"text": "\\ud83d\\ude00"}', "😀"),
        ('{"text": "half \\ud83d and \\ude00\\ud83d"}', "half � and ��"),
    ],
)
def test_the_first_key_with_a_value_is_read(line: str, expected: str | None) -> None:
    assert fields(line)[0] == expected


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('{"text": 1.50}', "the text is a number"),
        ('{"text": ["a"]}', "the text is a list"),
        ('{"text": {"a": "b"}}', "the text is an object"),
        ('{"text": false}', "the text is true or false"),
        ('{"side": 1, "text": "a"}', "the split is a number"),
        ('{"source": [], "text": "a"}', "the source is a list"),
        ('{"text": "a", "TEXT": "b"}', "the key 'text' is in this object twice"),
        ('{"text": "a", "text": null}', "the key 'text' is in this object twice"),
        ('{"text": NaN}', "not one JSON object"),
        ('[{"text": "a"}]', "not one JSON object"),
        ("3", "not one JSON object"),
        ('{"text": "a"} {"text": "b"}', "not one JSON object"),
        ('{"text": "a", "x": ' + "[" * 90_000 + "]" * 90_000 + "}", "nested too deep"),
    ],
)
def test_what_is_no_text_is_refused(line: str, says: str) -> None:
    with pytest.raises(JsonLineError, match=says):
        read_object(line, NAMES)


def test_a_source_that_is_a_number_keeps_its_digits() -> None:
    digits = "1" * (sys.get_int_max_str_digits() + 1)
    assert fields(f'{{"text": "a", "thread": {digits}}}') == ("a", digits, None)


def test_parts_are_joined_where_that_is_declared() -> None:
    parts = ["see ", {"type": "link", "text": "this"}, "!"]
    assert fields(json.dumps({"text": parts}), JOINED)[0] == "see this!"
    assert fields('{"text": [], "body": "b"}', JOINED)[0] == "b"


@pytest.mark.parametrize("part", ["1", "null", "[]", '{"type": "x"}', '{"text": 1}'])
def test_a_part_without_text_is_refused(part: str) -> None:
    with pytest.raises(JsonLineError, match="a part of the text"):
        read_object(f'{{"text": ["a", {part}]}}', JOINED)


@pytest.mark.parametrize(
    ("value", "author"), [('"AutoModerator"', "AutoModerator"), ('{"name": "x"}', None), ("null", None), ("[]", None)]
)
def test_an_author_that_is_no_text_is_none(value: str, author: str | None) -> None:
    names = NAMES.model_copy(update={"author": ("author",)})
    assert read_object(f'{{"text": "a", "author": {value}, "x": {{"author": 1}}}}', names)["author"] == author
