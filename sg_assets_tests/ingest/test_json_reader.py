"""Lines of JSON by the block: columns row by row, and values that are no text, wherever in a file they stand."""

import json
from itertools import product
from typing import Any

import pytest

from sg_assets.errors import SgAssetsError
from sg_assets_tests.ingest.dumps import NAMES, Ingested

ROWS = 300
LATE = [1, 2, 99, 101, 255, 256, 299]
"""Rows at which something first differs: within and beyond what a reader might look at before it decides."""
DIFFERENT: dict[str, tuple[dict[str, Any], str]] = {
    "another key": ({"Text": "other"}, "other"),
    "a better key that is null": ({"text": None, "body": "other"}, "other"),
    "a better key that is blank": ({"text": " ", "body": "other"}, "other"),
    "a better key with a value": ({"body": "no", "text": "other"}, "other"),
}


@pytest.mark.parametrize(("late", "kind"), list(product(LATE, DIFFERENT)))
def test_the_text_is_chosen_row_by_row(ingested: Ingested, late: int, kind: str) -> None:
    different, expected = DIFFERENT[kind]
    rows: list[dict[str, Any]] = [{"body": f"text {number}"} for number in range(ROWS)]
    rows[late] = different
    ingested.write("a.jsonl", "".join(json.dumps(row) + "\n" for row in rows))
    texts = ingested.fields()["text"].to_list()
    assert texts == [f"text {number}" if number != late else expected for number in range(ROWS)]


@pytest.mark.parametrize(("late", "key"), list(product(LATE, ["split", "SPLIT", "source", "Forum"])))
def test_a_late_split_or_source_is_kept(ingested: Ingested, late: int, key: str) -> None:
    rows = [{"body": f"text {number}"} | ({key: "holdout"} if number >= late else {}) for number in range(ROWS)]
    ingested.write("a.jsonl", "".join(json.dumps(row) + "\n" for row in rows))
    column = "split" if key.lower() == "split" else "source"
    assert ingested.fields()[column].to_list() == [None] * late + ["holdout"] * (ROWS - late)


NO_TEXT = ["1", "1.50", "-0", "1e5", "12345678901234567890123", "true", "false", "[]", '["a", "b"]', "[1]", "[[]]",
           "[null]", "{}", '{"x": "y"}', '{"text": "inner"}', '[{"type": "a", "text": "b"}]', "[true]", "[-1.5]",
           '{"a": {"b": []}}', "0"]  # fmt: skip


@pytest.mark.parametrize("value", NO_TEXT)
def test_a_text_that_is_none_is_refused_by_row(ingested: Ingested, value: str) -> None:
    ingested.write("a.jsonl", '{"body": "one"}\n' * 120 + f'{{"body": {value}}}\n')
    with pytest.raises(
        SgAssetsError, match=r"row 121: the text is (a number|true or false|a list|an object), not a text"
    ):
        ingested.fields()


@pytest.mark.parametrize("value", NO_TEXT)
def test_a_text_that_looks_like_a_value_is_one(ingested: Ingested, value: str) -> None:
    ingested.write("a.jsonl", json.dumps({"body": value}))
    assert ingested.fields()["text"].to_list() == [value]


def test_parts_of_a_text_are_joined_where_that_is_declared(ingested: Ingested) -> None:
    ingested.write("a.jsonl", '{"text": ["see ", {"type": "link", "text": "this"}]}\n{"text": "plain"}\n')
    joined = ingested.fields(NAMES.model_copy(update={"join_text_parts": True}))
    assert joined["text"].to_list() == ["see this", "plain"]


@pytest.mark.parametrize("half", [r"\ud83d", r"\ude00", r"\udbff\ud83d", r"a\ud83d b"])
def test_half_a_surrogate_pair_is_kept_as_a_replacement(ingested: Ingested, half: str) -> None:
    ingested.write("a.jsonl", f'{{"body": "one {half} two"}}\n{{"body": "\\ud83d\\ude00"}}\n')
    broken, whole = ingested.fields()["text"].to_list()
    assert ("\ufffd" in broken, broken[:4], broken[-4:], whole) == (True, "one ", " two", "😀")


@pytest.mark.parametrize("late", [1, 256, 300])
@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('{"body": "a", "body": "b"}', "the key 'body' is in this object twice"),
        ('{"body": "a", "x": ' + "[" * 2000 + "]" * 2000 + "}", "."),
        ('{"body": "a", "x": ' + '{"a":' * 100_000 + "1" + "}" * 100_001, "nested too deep"),
        ('{"body": NaN}', "not one JSON object"),
        ("\x0b", "not one JSON object"),
    ],
)
def test_a_line_that_has_no_clear_meaning_is_refused_by_row(
    ingested: Ingested, late: int, line: str, says: str
) -> None:
    ingested.write("a.jsonl", '{"body": "one"}\n\n' * (late - 1) + line + "\n" + '{"body": "two"}\n' * 9)
    with pytest.raises(SgAssetsError, match=rf"row {late}: .*{says}"):
        ingested.fields()


def test_a_file_in_which_no_row_has_a_text_says_what_it_has(ingested: Ingested) -> None:
    ingested.write("a.jsonl", '{"id": 1, "msg": "x"}\n' * 200)
    with pytest.raises(SgAssetsError, match="The file has id, msg; accepted are text, body"):
        ingested.fields()


def test_a_key_of_another_block_is_found(ingested: Ingested, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sg_assets.ingest.files.BLOCK", 64)
    ingested.write("a.jsonl", '{"id": 1}\n' * 50 + '{"body": "late"}\n')
    assert ingested.fields()["text"].to_list() == [None] * 50 + ["late"]
