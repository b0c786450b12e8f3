"""The one form of a text."""

import unicodedata
from itertools import accumulate

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sg_assets.ingest.texts import normalise


def _normalised(text: str) -> str:
    return str(normalise(pl.Series([text]))[0])


def test_unicode_is_composed() -> None:
    assert _normalised("cafe\u0301") == "café"


def test_line_ends_become_newlines_and_tabs_stay() -> None:
    assert _normalised("a\r\nb\rc\td") == "a\nb\nc\td"


def test_control_and_invisible_characters_go() -> None:
    assert _normalised("lah\x1b \u202eok\u200b") == "lah ok"


@pytest.mark.parametrize("mark", ["\x00", "\x0b", "\x0c", "\x85", "\u2028", "\u2029", "&#11;", "&#x2028;"])
def test_control_characters_between_words_become_a_space(mark: str) -> None:
    assert _normalised(f"walao{mark}eh") == ("walao eh" if mark != "&#11;" else "walaoeh")


def test_the_joiner_of_emoji_stays() -> None:
    assert _normalised("👩\u200d🍳") == "👩\u200d🍳"


def test_a_number_hidden_by_invisible_characters_is_masked() -> None:
    assert _normalised("S123\u200b4567D") == "<NRIC>"


SEPARATORS = [
    *"\u00a0\u2007\u202f\u2009\u3000\u2010\u2011\u2012\u2013\u2014\u2212\ufe63\uff0d\u00b7\u30fb.\uff0e/\uff0f",
    *"\t\n_~\u200b\u200c\u200d\u2060\ufeff\u00ad\u2028\x85", "\r\n", " - ", " . ", " / ", " \u2013 ", "--",
    "&nbsp;", "&#8209;", "&ndash;", "&zwj;", "&#x2011;",
]  # fmt: skip
PHONE_GROUPS = [(4, 4), (2, 2, 2, 2), (3, 3, 2), (2, 3, 3), (3, 2, 3), (8,), (1,) * 8]
NRIC_GROUPS = [(1, 7, 1), (1, 3, 4, 1), (1, 4, 3, 1), (8, 1), (1, 8), (1,) * 9]


def _grouped(text: str, sizes: tuple[int, ...], separator: str) -> str:
    ends = list(accumulate(sizes))
    return separator.join(text[end - size : end] for size, end in zip(sizes, ends, strict=True))


@pytest.mark.parametrize("separator", SEPARATORS)
def test_numbers_are_masked_whatever_separates_their_groups(separator: str) -> None:
    codes = ["", f"+65{separator}", f"65{separator}", f"(65){separator}"]
    numbers = [code + _grouped("91234567", sizes, separator) for sizes in PHONE_GROUPS for code in codes]
    numbers += [_grouped("S1234567D", sizes, separator) for sizes in NRIC_GROUPS]
    masked = normalise(pl.Series([f"hey {number} lah" for number in numbers]))
    assert masked.filter(masked.str.contains(r"\p{N}")).to_list() == []


def test_nulls_stay_null() -> None:
    assert normalise(pl.Series([None, "a"], dtype=pl.String)).to_list() == [None, "a"]


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
@example("S1234567D\u0338 x")
@example("e\u200b\u0301")
@example("\ufeff \u2000a")
@example("1 @a\x00b.com")
@example("&am\xadp;lt;")
@example("&am&#8203;p;lt;")
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    once = _normalised(text)
    assert _normalised(once) == once


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_the_result_is_composed_and_stripped(text: str) -> None:
    once = _normalised(text)
    assert unicodedata.is_normalized("NFC", once)
    assert once == once.strip()
