"""Texts that were read with the wrong encoding are known, and ordinary ones are not taken for such."""

import polars as pl
import pytest
from ftfy.badness import MOJIBAKE_CATEGORIES, is_bad
from hypothesis import given
from hypothesis import strategies as st

from sg_assets.ingest.mojibake import is_garbled, repair, repair_all, unreadable
from sg_assets.ingest.prepared_texts import Preparation, prepare
from sg_assets.ingest.texts import clean
from sg_assets_tests.ingest.contact_forms import HARMLESS
from sg_assets_tests.ingest.misread_texts import ENCODINGS, ORDINARY, WRITTEN, misread, misread_texts

MISREAD = list(misread_texts())
UNDONE = ("cp1252", "latin-1", "mac_roman", "cp1251", "cp437", "cp1250", "koi8_r")
"""Encodings that ftfy or writing back undoes for every script."""
SIGNS = "".join(MOJIBAKE_CATEGORIES.values())


def known(texts: list[str]) -> list[bool]:
    return unreadable(pl.Series(texts, dtype=pl.String)).to_list()


def test_nearly_all_misread_texts_are_known_and_no_ordinary_text() -> None:
    """The figures of ``docs/quality.md``."""
    missed = [row for row, seen in zip(MISREAD, known([text for _, _, text in MISREAD]), strict=True) if not seen]
    ordinary = [*ORDINARY, *HARMLESS, *(text for texts in WRITTEN.values() for text in texts)]
    touched = [text for text, seen in zip(ordinary, known(ordinary), strict=True) if seen]
    print(f"recall {len(MISREAD) - len(missed)} of {len(MISREAD)}, touched {len(touched)} of {len(ordinary)}")  # noqa: T201
    assert len(missed) <= 0.01 * len(MISREAD), missed
    assert touched == []


def test_the_table_has_at_least_twelve_scripts_and_as_many_encodings() -> None:
    assert len(WRITTEN) >= 12
    assert len(ENCODINGS) >= 12
    assert len(MISREAD) >= 150


def test_what_is_known_before_cleaning_is_known_after() -> None:
    raw = pl.Series([text for _, _, text in MISREAD])
    prepared = prepare(raw, pl.Series([None] * len(raw), dtype=pl.String), Preparation(mask_personal_data=False))
    missed = [row for row, seen in zip(MISREAD, unreadable(prepared.text), strict=True) if not seen]
    assert len(missed) <= 0.01 * len(MISREAD), missed


@pytest.mark.parametrize("encoding", UNDONE)
def test_texts_are_repaired_to_what_was_written(encoding: str) -> None:
    texts = [text for texts in WRITTEN.values() for text in texts if misread(text, encoding) != text]
    repaired = repair_all(pl.Series([misread(text, encoding) for text in texts])).to_list()
    assert repaired == texts


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_texts_are_not_repaired(text: str) -> None:
    assert repair_all(pl.Series([text])).to_list() == [text]


def test_what_cannot_be_repaired_stays() -> None:
    assert repair("\ufffd\ufffd") == "\ufffd\ufffd"


@pytest.mark.parametrize(
    "text",
    [
        "???? ??? ?????",
        "??????????0",
        "????, ?????",
        "?????????? 12",
        "?????????",
        "don?t play",
        "I?m here",
        "he say ?saya lapar?",
    ],
)
def test_question_marks_in_place_of_characters_are_known(text: str) -> None:
    assert known([text]) == [True]


@pytest.mark.parametrize("text", ["\ufffd", "ok \x92", "h\x00e\x00l\x00l\x00o\x00", "\u951f\u65a4\u62f7"])
def test_lost_characters_are_known_also_after_cleaning(text: str) -> None:
    assert known([text, str(clean(pl.Series([text]))[0])]) == [True, True]


@given(st.text(st.sampled_from(SIGNS.replace("-", "") + "abc ."), max_size=12))
def test_no_text_that_ftfy_knows_is_passed_over(text: str) -> None:
    if is_bad(text):
        assert known([text]) == [True]


@given(st.lists(st.none() | st.text(max_size=12)))
def test_a_series_is_looked_at_as_its_texts_are(texts: list[str | None]) -> None:
    alone = [False if text is None else known([text])[0] for text in texts]
    assert known(texts) == alone  # type: ignore[arg-type]


def test_a_text_of_a_double_byte_encoding_is_known_by_writing_it_back() -> None:
    assert is_garbled("浠婂ぉ澶╂皵寰堝ソ")
    assert repair("浠婂ぉ澶╂皵寰堝ソ") == "今天天气很好"
