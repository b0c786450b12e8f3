"""Personal data in texts."""

from pathlib import Path

import polars as pl
import pytest

from sg_assets_tests.quality.tables import result, sought, texts


def test_personal_data_are_counted_over_all_batches_and_the_first_keys_told(tmp_path: Path) -> None:
    frame = texts(*["call 9123 4567", "nothing"] * 15_000).with_columns(
        id=pl.format("t{}", pl.int_range(10_000, 40_000))
    )
    finding = result(tmp_path, frame.reverse(), sought("personal_data", text="text"))
    assert (finding.observed["evaluated"], finding.observed["failing"]) == (30_000, 15_000)
    assert finding.observed["examples"] == [f"id=t{10_000 + 2 * index}" for index in range(20)]


@pytest.mark.parametrize(
    "text",
    [
        "IC S1234567D ok",
        "call 9123 4567",
        "mail a.b@c.sg",
        "ask @someone",
        "u/someone",
        "9123\u00a04567",
        "IC S 1234567 D",
        "a.b\uff20c.sg",
        "t.me/someone",
    ],
)
def test_personal_data_is_found(tmp_path: Path, text: str) -> None:
    finding = result(tmp_path, texts("nothing here", text), sought("personal_data", text="text"))
    assert finding.observed["examples"] == ["id=t01"]
    assert text not in finding.model_dump_json()


def test_masked_texts_and_numbers_that_are_none_hold_no_personal_data(tmp_path: Path) -> None:
    frame = texts("IC <NRIC> ok", "S1234567A has a wrong letter", "room 123 4567", "<EMAIL> and <HANDLE>")
    assert result(tmp_path, frame, sought("personal_data", text="text")).passed
