"""Where two contents first differ."""

import json
from pathlib import Path

import polars as pl
import pytest

from sg_assets.lineage.rows.content_diff import first_difference
from sg_assets.store.manifests import Manifest

ROWS = pl.DataFrame({"id": ["a", "b", "c"], "text": ["x", "y", "z"], "n": [1, 2, 3]})


@pytest.fixture
def table(before: Manifest) -> Manifest:
    return before.model_copy(update={"kind": "table", "key": ("id",)})


@pytest.fixture
def folder(before: Manifest) -> Manifest:
    return before.model_copy(update={"kind": "folder", "key": ()})


def tables(tmp_path: Path, after: pl.DataFrame) -> tuple[Path, Path]:
    for name, rows in (("before", ROWS), ("after", after)):
        rows.write_parquet(tmp_path / name)
    return tmp_path / "before", tmp_path / "after"


def folders(tmp_path: Path, before: dict[str, bytes], after: dict[str, bytes]) -> tuple[Path, Path]:
    for side, files in (("before", before), ("after", after)):
        for name, content in files.items():
            (tmp_path / side / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / side / name).write_bytes(content)
    return tmp_path / "before", tmp_path / "after"


def tensors(**values: bytes) -> bytes:
    """A safetensors file of tensors of bytes."""
    header, at = {}, 0
    for name, value in values.items():
        header[name] = {"dtype": "U8", "shape": [len(value)], "data_offsets": [at, at + len(value)]}
        at += len(value)
    text = json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + b"".join(values.values())


def test_equal_rows_in_another_order_differ_nowhere(table: Manifest, tmp_path: Path) -> None:
    assert first_difference(table, *tables(tmp_path, ROWS.reverse())) == ""


def test_a_changed_value_is_named_by_key_and_column_not_by_its_text(table: Manifest, tmp_path: Path) -> None:
    after = ROWS.with_columns(text=pl.Series(["x", "secret", "other"]))
    difference = first_difference(table, *tables(tmp_path, after))
    assert difference == "row id=b: column text; rows: 2 changed"


@pytest.mark.parametrize(
    ("after", "difference"),
    [
        (ROWS.head(2), "row id=c: removed; rows: 1 removed"),
        (pl.concat([ROWS, ROWS.tail(1).with_columns(id=pl.lit("d"))]), "row id=d: added; rows: 1 added"),
        (ROWS.drop("n"), "columns: n removed, none added"),
    ],
    ids=["gone", "new", "columns"],
)
def test_rows_and_columns_on_one_side_are_named(
    table: Manifest, tmp_path: Path, after: pl.DataFrame, difference: str
) -> None:
    assert first_difference(table, *tables(tmp_path, after)) == difference


def test_without_a_key_there_are_counts(table: Manifest, tmp_path: Path) -> None:
    bare = table.model_copy(update={"key": ()})
    difference = first_difference(bare, *tables(tmp_path, ROWS.head(2)))
    assert difference == "rows: 1 removed (no key is known)"


@pytest.mark.parametrize(
    ("first", "last", "difference"),
    [
        ({"a": b"12345"}, {"a": b"12x45"}, "file a, byte 2"),
        ({"a": b"12345"}, {"a": b"123"}, "file a, byte 3"),
        ({"a": b"1", "b/c": b"2"}, {"a": b"1"}, "file b/c was removed"),
        ({"a": b"1"}, {"a": b"1", "b": b"2"}, "file b was added"),
        ({"a": b"1" * 3_000_000}, {"a": b"1" * 2_999_999 + b"2"}, "file a, byte 2999999"),
        ({"a": b"1"}, {"a": b"1"}, ""),
    ],
)
def test_files_differ_at_a_byte(
    folder: Manifest, tmp_path: Path, first: dict[str, bytes], last: dict[str, bytes], difference: str
) -> None:
    assert first_difference(folder, *folders(tmp_path, first, last)) == difference


def test_weights_differ_in_a_tensor(folder: Manifest, tmp_path: Path) -> None:
    sides = ({"m.safetensors": tensors(zeta=b"12", alpha=b"34", beta=b"5")},
             {"m.safetensors": tensors(zeta=b"12", alpha=b"3x", beta=b"y")})  # fmt: skip
    assert "tensor alpha, byte" in first_difference(folder, *folders(tmp_path, *sides))


def test_a_torn_file_of_weights_differs_at_a_byte(folder: Manifest, tmp_path: Path) -> None:
    whole = tensors(alpha=b"34")
    difference = first_difference(folder, *folders(tmp_path, {"m.safetensors": whole}, {"m.safetensors": whole[:5]}))
    assert difference == "file m.safetensors, byte 5"
