"""Cells that no spreadsheet computes."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sg_assets.people.sheet_cells import original_cell, safe_cell

TEXTS = st.text(alphabet="=+-@';\t\r\n,|\"a1＝ %", max_size=8) | st.text()  # noqa: RUF001 - a full-width sign
COMPUTED = "=+-@|%＝＋－＠"  # noqa: RUF001


@given(TEXTS)
def test_every_cell_is_undone_exactly(text: str) -> None:
    assert original_cell(safe_cell(text)) == text


@given(TEXTS)
def test_no_part_that_a_program_takes_for_a_cell_begins_a_formula(text: str) -> None:
    parts = re.split("[;\t\r\n]", safe_cell(text))
    assert [part for part in parts if part[:1] and part[0] in COMPUTED] == []


@pytest.mark.parametrize("text", ["1/2", "007", "MAR1", "1e5", "TRUE", "2026-11-30", "12.50", "-3", " 5 "])
def test_what_a_spreadsheet_would_convert_is_marked_as_a_text(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["An answer.", "what - ever", "a, b", "", "é 😀", "so it is"])
def test_plain_texts_stay_as_they_are(text: str) -> None:
    assert safe_cell(text) == text
