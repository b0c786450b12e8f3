"""What is looked for is found, what is not there is not, and both are told by keys."""

import hashlib
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sg_assets.declarations.records.inspections import INSPECTIONS
from sg_assets.quality.inspections import LOOKS
from sg_assets.quality.near_duplicates import PIECE, band_width, jaccard, pieces
from sg_assets_tests.quality.tables import result, rule, sought

LONG = "The hawker centre near the station opens at seven and the laksa there is gone by noon on most days"


def texts(*given: str | None, side: list[str] | None = None) -> pl.DataFrame:
    frame = pl.DataFrame(
        {"id": [f"t{place:02d}" for place in range(len(given))], "text": given}, {"id": pl.String, "text": pl.String}
    )
    return frame if side is None else frame.with_columns(side=pl.Series(side))


def test_everything_that_may_be_declared_can_be_looked_for() -> None:
    assert LOOKS.keys() == INSPECTIONS.keys()


def test_texts_that_differ_in_case_and_spaces_are_duplicates(tmp_path: Path) -> None:
    found = result(tmp_path, texts("Roti prata", " roti  PRATA ", "laksa", None), sought("duplicates", text="text"))
    assert not found.passed
    assert found.observed == {"evaluated": 3, "failing": 1, "share": 0.3333, "at_most": 0.0, "examples": ["id=t00"]}


def test_as_many_as_declared_may_be_found(tmp_path: Path) -> None:
    frame = texts("a", "a", "b", "c")
    assert result(tmp_path, frame, sought("duplicates", text="text", at_most=0.25)).passed
    assert not result(tmp_path, frame, sought("duplicates", text="text", at_most=0.24)).passed


def test_duplicates_on_one_side_are_none_across_sides(tmp_path: Path) -> None:
    across = sought("duplicates", texts="SELECT id, text, side FROM this", across_sides=True)
    assert result(tmp_path, texts("a", "a", "b", side=["x", "x", "y"]), across).passed
    assert result(tmp_path, texts("a", "b", "a", side=["x", "x", "y"]), across).observed["examples"] == ["t00"]


@pytest.mark.parametrize(
    "edited", [LONG + " lah", LONG.replace("seven", "eight"), LONG.upper(), LONG.removesuffix("days")]
)
def test_a_text_with_a_small_edit_is_nearly_the_same(tmp_path: Path, edited: str) -> None:
    found = result(tmp_path, texts(LONG, "something else entirely", edited), sought("near_duplicates", text="text"))
    assert found.observed["examples"] == ["id=t02 is like id=t00"]


def test_texts_of_one_kind_are_not_nearly_the_same(tmp_path: Path) -> None:
    frame = texts(LONG, "The clinic near the market opens at nine and the queue there is short by noon on Sundays")
    assert result(tmp_path, frame, sought("near_duplicates", text="text")).passed


def test_near_duplicates_are_sought_across_sides_only_where_asked(tmp_path: Path) -> None:
    across = sought("near_duplicates", texts="SELECT id, text, side FROM this", across_sides=True)
    assert result(tmp_path, texts(LONG, LONG + "!", side=["x", "x"]), across).passed
    assert not result(tmp_path, texts(LONG, LONG + "!", side=["x", "y"]), across).passed


def test_one_text_many_times_costs_a_pair_each_not_all_pairs(tmp_path: Path) -> None:
    found = result(tmp_path, texts(*["kopi o kosong"] * 3000), sought("near_duplicates", text="text"))
    assert (found.observed["failing"], len(found.observed["examples"])) == (2999, 20)


def test_short_and_empty_texts_and_empty_tables_are_looked_at(tmp_path: Path) -> None:
    assert result(tmp_path, texts("", "a", "ab"), sought("near_duplicates", text="text")).passed
    assert result(tmp_path, texts().cast({"text": pl.String}), sought("near_duplicates", text="text")).passed


@given(st.text(max_size=40), st.text(max_size=40))
def test_likeness_is_a_share_and_the_same_both_ways(one: str, other: str) -> None:
    assert 0 <= jaccard(one, other) == jaccard(other, one) <= 1
    assert jaccard(one, one) == 1
    assert all(len(piece) <= PIECE for piece in pieces(one))


@pytest.mark.parametrize("similarity", [0.6, 0.7, 0.8, 0.9, 0.95, 1.0])
def test_bands_miss_hardly_any_pair_as_alike_as_asked(similarity: float) -> None:
    width = band_width(similarity)
    assert (1 - similarity**width) ** (64 // width) <= 0.01


def test_a_text_mostly_in_another_table_is_found_and_one_with_a_common_frame_is_not(tmp_path: Path) -> None:
    frame = texts(LONG + " lah", "The clinic near the station opens at nine", side=["x", "y"])
    against = f"SELECT '{LONG}' AS text FROM this"
    found = result(tmp_path, frame, sought("overlap", text="text", against=[against], words=5, share=0.8))
    assert found.observed["examples"] == ["id=t00"]
    assert found.observed["compared_with"] == 1


def test_a_text_shorter_than_a_piece_is_found_whole_or_not_at_all(tmp_path: Path) -> None:
    asked = sought("overlap", text="text", against=["SELECT 'kopi o' AS text FROM this"], words=5)
    assert result(tmp_path, texts("Kopi O!", "kopi"), asked).observed["examples"] == ["id=t00"]


def test_tables_that_a_version_was_not_made_of_are_left_out(tmp_path: Path) -> None:
    asked = sought("overlap", text="text", against=["SELECT text FROM training.sft_examples"])
    found = result(tmp_path, texts("a"), asked)
    assert (found.passed, found.observed["compared_with"]) == (True, 0)


def test_personal_data_are_counted_over_all_batches_and_the_first_keys_told(tmp_path: Path) -> None:
    frame = texts(*["call 9123 4567", "nothing"] * 15_000).with_columns(
        id=pl.format("t{}", pl.int_range(10_000, 40_000))
    )
    found = result(tmp_path, frame.reverse(), sought("personal_data", text="text"))
    assert (found.observed["evaluated"], found.observed["failing"]) == (30_000, 15_000)
    assert found.observed["examples"] == [f"id=t{10_000 + 2 * place}" for place in range(20)]


def test_near_duplicates_are_found_in_other_batches(tmp_path: Path) -> None:
    apart = [hashlib.sha256(str(place).encode()).hexdigest() for place in range(4500)]
    frame = texts(LONG, *apart, LONG + " lah").with_columns(id=pl.format("t{}", pl.int_range(10_000, 14_502)))
    found = result(tmp_path, frame, sought("near_duplicates", text="text"))
    assert (found.observed["failing"], found.observed["examples"]) == (1, ["id=t14501 is like id=t10000"])


@pytest.mark.parametrize("text", ["IC S1234567D ok", "call 9123 4567", "mail a.b@c.sg", "ask @someone", "u/someone"])
def test_personal_data_is_found(tmp_path: Path, text: str) -> None:
    found = result(tmp_path, texts("nothing here", text), sought("personal_data", text="text"))
    assert found.observed["examples"] == ["id=t01"]
    assert text not in found.model_dump_json()


def test_masked_texts_and_numbers_that_are_none_hold_no_personal_data(tmp_path: Path) -> None:
    frame = texts("IC <NRIC> ok", "S1234567A has a wrong letter", "room 123 4567", "<EMAIL> and <HANDLE>")
    assert result(tmp_path, frame, sought("personal_data", text="text")).passed


def test_values_that_sql_names_are_bound(tmp_path: Path) -> None:
    asked = sought("duplicates", texts="SELECT id, text FROM this WHERE id < $last")
    assert result(tmp_path, texts("a", "a"), asked, values={"last": "t01", "other": 1}).passed


def test_what_cannot_be_looked_for_counts_as_found_and_quotes_no_value(tmp_path: Path) -> None:
    found = result(tmp_path, texts("secret"), sought("duplicates", text="(text::INTEGER)::VARCHAR"))
    assert (found.passed, found.observed) == (False, {"error": "ConversionException in the column 'text'"})


@pytest.mark.parametrize("look_for", ["rows_lost", "label_drift", "length_drift", "vocabulary_drift"])
def test_nothing_drifts_from_nothing(tmp_path: Path, look_for: str) -> None:
    kwargs = {
        "rows_lost": {"at_most": 0.1},
        "label_drift": {"column": "text", "at_most": 0.1},
        "length_drift": {"text": "text", "factor": 2},
        "vocabulary_drift": {"text": "text", "at_most": 0.1},
    }
    found = result(tmp_path, texts("a"), rule(look_for=look_for, kwargs=kwargs[look_for]))
    assert (found.passed, found.observed) == (True, {"not_compared": "nothing is published yet"})
