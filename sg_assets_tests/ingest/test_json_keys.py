"""Keys of JSON lines: every spelling of them, and lines whose keys have to be read slowly."""

import polars as pl
import pytest

from sg_assets.ingest.columns import ColumnNames
from sg_assets.ingest.json_keys import JsonKeys

NAMES = ColumnNames(text=("text", "内容", "Größe"), source=("a/b", 'say "x\\\\y"', "a\tb"))


@pytest.mark.parametrize(
    ("line", "spelled"),
    [
        ('{"text": 1}', "text"),
        ('{"x": 1, "TeXt" : 1}', "TeXt"),
        ('{" text ": 1}', " text "),
        ('{"内容": 1}', "内容"),
        (r'{"\u5185\u5BB9": 1}', "内容"),
        (r'{"GR\u00d6\u00dfE": 1}', "GRÖßE"),
        ('{"größe":1}', "größe"),
        ('{"A/B": 1}', "A/B"),
        (r'{"Say \"x\\\\Y\"": 1}', 'Say "x\\\\Y"'),
        (r'{"A\tb": 1}', "A\tb"),
        (r'{"a\u0009b": 1}', "a\tb"),
    ],
)
def test_a_key_is_found_however_it_is_spelled(line: str, spelled: str) -> None:
    assert JsonKeys(NAMES).spelled(pl.Series(['{"x": 1}', line]))[0] == [spelled]


@pytest.mark.parametrize("line", ['{"texts": 1}', r'{"x": "he said \"text\": no"}', '{"x": "text", "y": ["text"]}'])
def test_what_is_no_key_is_not_found(line: str) -> None:
    assert JsonKeys(NAMES).spelled(pl.Series([line]))[0] == []


@pytest.mark.parametrize(
    ("line", "slow"),
    [
        ('{"text": 1, "a/b": 1}', False),
        ('{"text": 1, "Text": 2}', True),
        ('{"text": 1, "x": {"text": 2}}', True),
        (r'{"te\u0078t": 1}', True),
        (r'{"a\/b": 1}', True),
        (r'{"x": "\u003cb\u003e \ud83d\ude00"}', False),
    ],
)
def test_lines_with_a_key_twice_or_escaped_letters_are_read_slowly(line: str, *, slow: bool) -> None:
    assert JsonKeys(NAMES).spelled(pl.Series(['{"x": 1}', line]))[1].to_list() == [False, slow]
