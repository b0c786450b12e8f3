"""Nearly equal texts in a table."""

import hashlib
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sg_assets.quality.near_duplicates import PIECE, band_width, jaccard, pieces
from sg_assets_tests.quality.tables import LONG, result, sought, texts


@pytest.mark.parametrize(
    "edited", [LONG + " lah", LONG.replace("seven", "eight"), LONG.upper(), LONG.removesuffix("days")]
)
def test_a_text_with_a_small_edit_is_nearly_the_same(tmp_path: Path, edited: str) -> None:
    finding = result(tmp_path, texts(LONG, "something else entirely", edited), sought("near_duplicates", text="text"))
    assert finding.observed["examples"] == ["id=t02 is like id=t00"]


def test_texts_of_one_kind_are_not_nearly_the_same(tmp_path: Path) -> None:
    frame = texts(LONG, "The clinic near the market opens at nine and the queue there is short by noon on Sundays")
    assert result(tmp_path, frame, sought("near_duplicates", text="text")).passed


def test_near_duplicates_are_sought_across_sides_only_where_asked(tmp_path: Path) -> None:
    across = sought("near_duplicates", texts="SELECT id, text, side FROM this", across_sides=True)
    assert result(tmp_path, texts(LONG, LONG + "!", side=["x", "x"]), across).passed
    assert not result(tmp_path, texts(LONG, LONG + "!", side=["x", "y"]), across).passed


def test_one_text_many_times_costs_a_pair_each_not_all_pairs(tmp_path: Path) -> None:
    finding = result(tmp_path, texts(*["kopi o kosong"] * 3000), sought("near_duplicates", text="text"))
    assert (finding.observed["failing"], len(finding.observed["examples"])) == (2999, 20)


def test_short_and_empty_texts_and_empty_tables_are_looked_at(tmp_path: Path) -> None:
    assert result(tmp_path, texts("", "a", "ab"), sought("near_duplicates", text="text")).passed
    assert result(tmp_path, texts().cast({"text": pl.String}), sought("near_duplicates", text="text")).passed


@given(st.text(max_size=40), st.text(max_size=40))
def test_likeness_is_a_share_and_the_same_both_ways(text: str, other: str) -> None:
    assert 0 <= jaccard(text, other) == jaccard(other, text) <= 1
    assert jaccard(text, text) == 1
    assert all(len(piece) <= PIECE for piece in pieces(text))


@pytest.mark.parametrize("similarity", [0.6, 0.7, 0.8, 0.9, 0.95, 1.0])
def test_bands_miss_hardly_any_pair_as_alike_as_asked(similarity: float) -> None:
    width = band_width(similarity)
    assert (1 - similarity**width) ** (64 // width) <= 0.01


def test_near_duplicates_are_found_in_other_batches(tmp_path: Path) -> None:
    apart = [hashlib.sha256(str(index).encode()).hexdigest() for index in range(4500)]
    frame = texts(LONG, *apart, LONG + " lah").with_columns(id=pl.format("t{}", pl.int_range(10_000, 14_502)))
    finding = result(tmp_path, frame, sought("near_duplicates", text="text"))
    assert (finding.observed["failing"], finding.observed["examples"]) == (1, ["id=t14501 is like id=t10000"])
