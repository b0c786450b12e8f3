"""Rows of mirrored datasets."""

import gzip
import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from sg_assets.declarations.records.dataset import DatasetColumn
from sg_assets.errors import SgAssetsError
from sg_assets.ingest.dataset_table import write_dataset
from sg_assets.store.step import Workspace
from sg_assets_tests.store.steps import new_store, recipe, step, workspace

ROWS = [{"text": "first", "label": 0, "score": 0.5}, {"text": "zweites, ü", "label": 1, "score": None}]
COLUMNS = {
    "prompt": DatasetColumn(column="text"),
    "kind": DatasetColumn(column="label", values={"0": "neutral", "1": "hate"}),
    "score": DatasetColumn(column="score", type="DOUBLE"),
}
WANTED = [(1, "first", "neutral", 0.5), (2, "zweites, ü", "hate", None)]


def table(folder: Path, files: dict[str, bytes], columns: dict[str, Any] | None = None) -> pl.DataFrame:
    store = new_store(folder)

    def write(work: Workspace) -> None:
        for name, content in files.items():
            (work.result_folder / name).parent.mkdir(parents=True, exist_ok=True)
            (work.result_folder / name).write_bytes(content)

    mirror = step(store, "mirrors/d", write, made_by=recipe(key=())).manifest
    with workspace(store, "datasets/d", mirror) as work:
        write_dataset(work, "mirrors/d", columns or COLUMNS)
        return pl.read_parquet(work.table_file)


def lines(rows: list[dict[str, Any]]) -> bytes:
    return "".join(f"{json.dumps(row)}\n" for row in rows).encode()


def packed(folder: Path) -> dict[str, dict[str, bytes]]:
    """The same rows in every format."""
    frame = pl.DataFrame(ROWS)
    frame.write_parquet(folder / "rows")
    return {
        "parquet": {"a.parquet": (folder / "rows").read_bytes()},
        "csv": {"a.csv": frame.write_csv().encode()},
        "packed csv": {"a.csv.gz": gzip.compress(frame.write_csv().encode())},
        "jsonl": {"a.jsonl": lines(ROWS)},
        "json": {"a.json": json.dumps(ROWS).encode()},
        "two files": {"b/1.jsonl": lines(ROWS[1:]), "a/2.jsonl": lines(ROWS[:1])},
    }


@pytest.mark.parametrize("form", ["parquet", "csv", "packed csv", "jsonl", "json", "two files"])
def test_every_format_gives_the_same_rows(tmp_path: Path, form: str) -> None:
    rows = table(tmp_path, packed(tmp_path)[form])
    assert rows.rows() == WANTED
    assert rows.schema == {"row_id": pl.Int64, "prompt": pl.String, "kind": pl.String, "score": pl.Float64}


def test_a_column_that_is_not_there_names_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(SgAssetsError, match=r"mirrors/d, a.jsonl: there is no column 'txt'. Did you mean 'text'\?"):
        table(tmp_path, {"a.jsonl": lines(ROWS)}, {"prompt": DatasetColumn(column="txt")})


@pytest.mark.parametrize("type_", ["BIGINT", "DOUBLE", "BOOLEAN", "VARCHAR[]"])
@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet"])
def test_a_value_of_another_type_is_named_by_row_and_not_quoted(tmp_path: Path, form: str, type_: str) -> None:
    columns = {"n": DatasetColumn(column="text", type=type_)}
    with pytest.raises(SgAssetsError) as error:
        table(tmp_path, packed(tmp_path)[form], columns)
    assert f"a.{form}, row 1: the value of 'text' cannot be read as {type_}" in str(error.value)
    assert "first" not in str(error.value)
    assert error.value.__cause__ is None


def test_truth_is_read_from_words_and_numbers(tmp_path: Path) -> None:
    content = lines([{"flag": "True"}, {"flag": "0"}, {"flag": None}])
    rows = table(tmp_path, {"a.jsonl": content}, {"flag": DatasetColumn(column="flag", type="BOOLEAN")})
    assert rows["flag"].to_list() == [True, False, None]


def test_lists_of_texts_are_read(tmp_path: Path) -> None:
    columns = {"choices": DatasetColumn(column="choices", type="VARCHAR[]")}
    rows = table(tmp_path, {"a.jsonl": lines([{"choices": ["x", "y"]}, {"choices": []}])}, columns)
    assert rows["choices"].to_list() == [["x", "y"], []]


@pytest.mark.parametrize("name", ["a.parquet", "a.jsonl", "a.json"])
def test_a_file_that_is_not_what_its_name_says_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(SgAssetsError) as error:
        table(tmp_path, {name: b'\x89PNG {"text": "secret" '})
    assert name in str(error.value)
    assert "secret" not in str(error.value)
