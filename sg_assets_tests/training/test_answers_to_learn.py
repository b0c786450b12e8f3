"""Training rows are masked or left out where an answer holds personal data, and counted by kind."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.quality.contact_signs import has_signs
from sg_assets.training.answers_to_learn import select_answers_to_learn
from sg_assets_tests.store.steps import new_store, published, workspace

QUERY = "SELECT * FROM synthesized.made WHERE example_id <> $without ORDER BY example_id"
TEXTS = {
    "a": ("Say hi to @somebody_1", "Call 9123 4567, or @ah_beng88"),
    "b": ("Plain", "Laksa is nice."),
    "c": ("More", "Mail boy@gmail.com"),
    "d": ("S1234567D?", "No."),
}


def chats(texts: dict[str, tuple[str, str]], **further: str) -> pl.DataFrame:
    rows = [
        {
            "example_id": key,
            "prompt": [{"role": "user", "content": asked}],
            "completion": [{"role": "assistant", "content": answered}],
            **{name: [{"role": "assistant", "content": text}] for name, text in further.items()},
        }
        for key, (asked, answered) in texts.items()
    ]
    return pl.DataFrame(rows)


def learn(folder: Path, made: pl.DataFrame, how: str, at_most: float = 1.0) -> tuple[pl.DataFrame, dict[str, Any]]:
    store = new_store(folder)
    pins = published(store, "synthesized/made", made)
    with workspace(store, "training/sft_examples", pins, personal_data=how, without="z") as work:
        select_answers_to_learn(work, QUERY, at_most)
        return pl.read_parquet(work.table_file), dict(work.details["personal_data"])


def contents(rows: pl.DataFrame, column: str) -> list[str]:
    return [chat[0]["content"] for chat in rows[column].to_list()]


def test_answers_are_masked_and_all_else_stays(tmp_path: Path) -> None:
    rows, counted = learn(tmp_path, chats(TEXTS), "mask")
    assert contents(rows, "completion") == ["Call <PHONE>, or <HANDLE>", "Laksa is nice.", "Mail <EMAIL>", "No."]
    assert contents(rows, "prompt") == [asked for asked, _ in TEXTS.values()]
    assert rows["example_id"].to_list() == [*TEXTS]
    assert counted == {"rows": 4, "masked_rows": 2, "kinds": {"EMAIL": 1, "PHONE": 1, "HANDLE": 1}}


def test_rows_are_left_out_whichever_of_their_answers_it_is(tmp_path: Path) -> None:
    rows, counted = learn(tmp_path, chats(TEXTS), "drop")
    assert rows["example_id"].to_list() == ["b", "d"]
    assert counted == {"rows": 4, "dropped_rows": 2, "kinds": {"EMAIL": 1, "PHONE": 1, "HANDLE": 1}}
    pairs, _ = learn(tmp_path / "pairs", chats({"b": TEXTS["b"]}, rejected="9123 4567"), "drop")
    assert pairs.is_empty()


def test_both_answers_of_a_pair_are_masked(tmp_path: Path) -> None:
    rows, counted = learn(tmp_path, chats({"c": TEXTS["c"]}, rejected="Mail boy@gmail.com, S1234567D"), "mask")
    assert contents(rows, "rejected") == ["Mail <EMAIL>, <NRIC>"]
    assert counted["kinds"] == {"NRIC": 1, "EMAIL": 2}
    assert counted["masked_rows"] == 1


@pytest.mark.parametrize("how", ["mask", "drop"])
def test_rows_without_personal_data_are_as_the_select_gives_them(tmp_path: Path, how: str) -> None:
    made = chats({"b": ("Plain", "Cafe\u0301 at <PHONE>?"), "d": TEXTS["d"]})
    rows, counted = learn(tmp_path, made, how)
    assert rows.equals(made)
    assert counted["kinds"] == {}


@pytest.mark.parametrize("how", ["mask", "drop"])
def test_no_rows_are_no_error(tmp_path: Path, how: str) -> None:
    rows, _ = learn(tmp_path, chats(TEXTS).clear(), how)
    assert rows.is_empty()


@pytest.mark.parametrize("how", ["mask", "drop"])
def test_more_than_the_profile_allows_is_an_error_that_quotes_nothing(tmp_path: Path, how: str) -> None:
    learn(tmp_path / "fits", chats(TEXTS), how, at_most=0.5)
    with pytest.raises(SgAssetsError, match=r"2 of 4 rows hold personal data.*at_most allows 0\.4") as raised:
        learn(tmp_path / "more", chats(TEXTS), how, at_most=0.4)
    assert "9123" not in str(raised.value)


def test_the_check_sees_nothing_in_masked_answers(tmp_path: Path) -> None:
    assert has_signs(TEXTS["a"][1])
    rows, _ = learn(tmp_path, chats(TEXTS), "mask")
    assert not any(map(has_signs, contents(rows, "completion")))


def test_types_are_those_of_the_select(tmp_path: Path) -> None:
    masked, _ = learn(tmp_path, chats(TEXTS), "mask")
    assert masked.schema == chats(TEXTS).schema
