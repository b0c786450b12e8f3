"""References of HTML are decoded, however often they were encoded."""

import html

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sg_assets.ingest.entities import decode, decode_all

WRITTEN = {
    "&amp;": "&", "&lt;3": "<3", "&gt; said": "> said", "&quot;lah&quot;": '"lah"', "&#39;n": "'n", "&#x27;n": "'n",
    "&apos;n": "'n", "&nbsp;": "\xa0", "&hellip;": "\u2026", "&mdash;": "\u2014", "&eacute;": "\u00e9",
    "&euro;5": "\u20ac5",
    "&amp;lt;": "<", "&amp;amp;lt;": "<", "&#38;lt;": "<", "&#x26;#39;": "'", "&AMP;": "&",
    "&commat;": "@", "&#64;": "@",    "&#x1F602;": "\U0001f602", "&#55357;&#56834;": "\U0001f602", "&#128;": "\u20ac",
    "&#19981;": "\u4e0d", "&shy;": "",
    "&zwj;": "\u200d", "&#8203;": "",
}  # fmt: skip


@pytest.mark.parametrize("reference", WRITTEN)
def test_a_reference_is_its_character(reference: str) -> None:
    assert decode(f"a {reference} b") == f"a {WRITTEN[reference]} b"


@pytest.mark.parametrize(
    "text", ["R&D", "AT&T; ok", "a & b;", "?a=1&copy=2&lt=3", "&copyright;", "&#;", "&#99999999;", "&foo;"]
)
def test_what_is_no_reference_stays(text: str) -> None:
    assert decode(text) == text


@given(st.text("<>&\"' lah;#38amp", max_size=30), st.integers(1, 4))
def test_a_text_encoded_any_number_of_times_is_itself_again(text: str, times: int) -> None:
    plain = decode(text)
    encoded = plain
    for _ in range(times):
        encoded = html.escape(encoded)
    assert decode(encoded) == plain


@given(st.text("&amp;#38ltgx60u20B\u200b", max_size=50))
@example("&am&#112;;lt;")
def test_decoding_twice_changes_nothing_more(text: str) -> None:
    assert decode(decode(text)) == decode(text)


@given(st.lists(st.none() | st.text("&amp;#39 x", max_size=20)))
def test_a_series_is_decoded_as_its_texts_are(texts: list[str | None]) -> None:
    series = pl.Series(texts, dtype=pl.String)
    assert decode_all(series).to_list() == [None if text is None else decode(text) for text in texts]
    assert series.to_list() == texts  # not changed in place
