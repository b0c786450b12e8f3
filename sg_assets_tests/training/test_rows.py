from pathlib import Path
from typing import Any

import polars as pl
import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.training.rows import drop_unusable, read_rows, with_tokens
from sg_assets_tests.training import data


class WordTokenizer:
    """Stands in for a tokenizer: one token per word, one for each role."""

    def apply_chat_template(self, chats: list[list[dict[str, str]]], *, tokenize: bool) -> list[str]:
        return [" ".join(f"{m['role']} {m['content']}" for m in chat) for chat in chats]

    def __call__(self, texts: list[str], *, add_special_tokens: bool) -> dict[str, list[list[int]]]:
        return {"input_ids": [[0] * len(text.split()) for text in texts]}


def written(rows: pl.DataFrame, folder: Path) -> Path:
    rows.write_parquet(folder / "examples.parquet")
    return folder / "examples.parquet"


def ids(file: Path, seed: int = 1) -> list[str]:
    return read_rows(file, "sft", "train", seed)["example_id"].to_list()


def tokens(rows: pl.DataFrame) -> list[int]:
    tokenizer: Any = WordTokenizer()
    return with_tokens(rows, tokenizer)["tokens"].to_list()


def test_only_the_asked_split_is_read(tmp_path: Path) -> None:
    file = written(data.examples("sft", 10, dev=3), tmp_path)
    assert set(read_rows(file, "sft", "dev", 1)["example_id"]) == {"e7", "e8", "e9"}


def test_the_order_does_not_hang_on_the_file(tmp_path: Path) -> None:
    rows = data.examples("sft", 30, dev=0)
    forward = ids(written(rows, tmp_path))
    assert ids(written(rows.reverse(), tmp_path)) == forward
    assert forward != rows["example_id"].to_list()


def test_another_seed_gives_another_order(tmp_path: Path) -> None:
    file = written(data.examples("sft", 30, dev=0), tmp_path)
    assert ids(file, 1) != ids(file, 2)


def test_a_new_row_leaves_the_others_in_order(tmp_path: Path) -> None:
    longer = ids(written(data.examples("sft", 31, dev=0), tmp_path))
    shorter = ids(written(data.examples("sft", 30, dev=0), tmp_path))
    assert [i for i in longer if i != "e30"] == shorter


def test_the_order_is_pinned(tmp_path: Path) -> None:
    assert ids(written(data.examples("sft", 6, dev=0), tmp_path)) == ["e3", "e4", "e5", "e2", "e1", "e0"]


def test_brackets_in_the_path_are_no_pattern(tmp_path: Path) -> None:
    folder = tmp_path / "sft_examples[balanced]"
    folder.mkdir()
    assert len(ids(written(data.examples("sft", 5, dev=0), folder))) == 5


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SgAssetsError, match="cannot read the training examples"):
        ids(tmp_path / "nowhere.parquet")


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    file = written(data.examples("dpo", 5, dev=0), tmp_path)
    with pytest.raises(SgAssetsError, match=r"lack the column\(s\) completion, label"):
        read_rows(file, "kto", "train", 1)


def test_a_repeated_example_is_an_error(tmp_path: Path) -> None:
    rows = data.examples("sft", 5, dev=0)
    with pytest.raises(SgAssetsError, match="'e2' occurs more than once"):
        ids(written(pl.concat([rows, rows[2]]), tmp_path))


def test_a_null_is_an_error(tmp_path: Path) -> None:
    rows = data.examples("sft", 5, dev=0).with_columns(
        text_id=pl.when(pl.col("example_id") != "e2").then(pl.col("text_id"))
    )
    with pytest.raises(SgAssetsError, match="null values in text_id"):
        ids(written(rows, tmp_path))


def test_tokens_count_the_whole_conversation() -> None:
    rows = pl.DataFrame({"prompt": [data.user("a b")], "completion": [data.assistant("c d e")]})
    assert tokens(rows) == [7]


def test_tokens_count_the_longer_of_two_answers() -> None:
    rows = pl.DataFrame(
        {"prompt": [data.user("a")], "chosen": [data.assistant("b")], "rejected": [data.assistant("b c d")]}
    )
    assert tokens(rows) == [6]


def test_no_rows_have_no_tokens() -> None:
    assert tokens(data.examples("sft", 1, dev=0).clear()) == []


def test_what_cannot_be_trained_on_is_dropped_and_counted() -> None:
    rows = pl.DataFrame(
        {
            "example_id": ["long", "fits", "empty", "long too"],
            "completion": [data.assistant(text) for text in ("a", "b", "  ", "c")],
            "tokens": [11, 10, 3, 99],
        }
    )
    kept, dropped = drop_unusable(rows, max_length=10)
    assert kept["example_id"].to_list() == ["fits"]
    assert dropped == {"too_long": 2, "empty_answer": 1}


def test_an_empty_rejected_answer_is_dropped() -> None:
    rows = pl.DataFrame({"chosen": [data.assistant("a")], "rejected": [data.assistant("")], "tokens": [3]})
    assert drop_unusable(rows, max_length=10)[1] == {"empty_answer": 1}
