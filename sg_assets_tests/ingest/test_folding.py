"""Texts in the plain form that patterns see, and the way back to the text as it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sg_assets.ingest.folding import fold, letter_like

PLAIN = {
    "\uff19\uff11": "91", "\u0669\u0661": "91", "\u2468\u2460": "91",
    "9\ufe0f\u20e31\ufe0f\u20e3": "91", "9\u200d1": "91",
    "9\u00a01": "9 1", "9\u20111": "9-1", "9\u20131": "9-1", "9\u22121": "9-1", "9\u00b71": "9.1", "9\uff0f1": "9/1",
    "\uff42\uff4f\uff59\uff20": "boy@", "caf\u00e9": "caf\u00e9", "\u597d": "\u597d", "\u2105": "c/o",
}  # fmt: skip


@pytest.mark.parametrize("text", PLAIN)
def test_a_text_is_folded_to_its_plain_form(text: str) -> None:
    assert fold(text).text == PLAIN[text]


@given(st.text(max_size=30), st.data())
def test_a_part_of_the_folded_text_is_looked_up_in_the_text_as_it_was(text: str, data: st.DataObject) -> None:
    folded = fold(text)
    if folded.text:
        start = data.draw(st.integers(0, len(folded.text) - 1))
        end = data.draw(st.integers(start + 1, len(folded.text)))
        first, last = folded.span(start, end)
        assert 0 <= first < last <= len(text)
        assert folded.text[start:end] in fold(text[first:last]).text


@given(st.text(max_size=30))
def test_a_text_of_ascii_is_as_it_was(text: str) -> None:
    plain = text.encode("ascii", "ignore").decode()
    assert fold(plain).text == plain


def test_letters_of_other_blocks_are_known() -> None:
    assert set("\uff21\uff20\u24d0\u1d58\uff0f\u2105") <= set(letter_like())
    assert not set("\u597d\u00e9\u0b95\u2026\U0001f602") & set(letter_like())
