"""Parquet: strings that are not UTF-8, columns row by row, texts in parts."""

from itertools import product

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sg_assets.errors import SgAssetsError
from sg_assets_tests.ingest.dumps import NAMES, Ingested

JOINED = NAMES.model_copy(update={"join_text_parts": True})
BROKEN = [b"caf\xe9 in", b"\xff", b"half \xe4\xbd", b"over \xc0\x80", b"half \xed\xa0\xbd"]
SHAPES = ["string", "large_string", "dictionary", "list", "structs"]


def unchecked(values: list[bytes], kind: pa.DataType) -> pa.Array:
    """Bytes as a column of strings, as a careless writer leaves them."""
    binary = pa.array(values, pa.large_binary() if kind == pa.large_string() else pa.binary())
    return pa.Array.from_buffers(kind, len(binary), binary.buffers())


def shaped(values: list[bytes], shape: str) -> pa.Array:
    strings = unchecked(values, pa.large_string() if shape == "large_string" else pa.string())
    ends = pa.array(range(len(values) + 1), pa.int32())
    if shape == "dictionary":
        return pa.DictionaryArray.from_arrays(pa.array(range(len(values))), strings)
    if shape == "list":
        return pa.ListArray.from_arrays(ends, strings)
    if shape == "structs":
        return pa.ListArray.from_arrays(ends, pa.StructArray.from_arrays([strings], ["text"]))
    return strings


@pytest.mark.parametrize(("broken", "shape"), list(product(BROKEN, SHAPES)))
def test_a_text_that_is_not_utf8_is_refused_by_row(ingested: Ingested, broken: bytes, shape: str) -> None:
    table = pa.table({"text": shaped([b"one", b"two", b"three", broken, b"five"], shape)})
    pq.write_table(table, ingested.folder / "a.parquet", row_group_size=2)
    with pytest.raises(SgAssetsError, match=r"a\.parquet, row 4: the text is not UTF-8"):
        ingested.fields(JOINED)


@pytest.mark.parametrize("column", ["source", "split", "body"])
def test_every_column_that_is_read_is_validated(ingested: Ingested, column: str) -> None:
    broken = unchecked([b"a", BROKEN[0]], pa.string())
    pq.write_table(pa.table({"text": ["one", "two"], column: broken}), ingested.folder / "a.parquet")
    with pytest.raises(SgAssetsError, match="row 2: the text is not UTF-8"):
        ingested.fields()


def test_a_column_that_is_not_read_may_hold_anything(ingested: Ingested) -> None:
    broken = unchecked([b"a", BROKEN[0]], pa.string())
    pq.write_table(pa.table({"text": ["one", "two"], "avatar": broken}), ingested.folder / "a.parquet")
    assert ingested.fields().height == 2


def test_the_text_is_chosen_row_by_row(ingested: Ingested) -> None:
    table = pa.table({"body": ["a", "b", "c", "d"], "text": [None, "", " ", "t"], "source": [1, None, 3, 4]})
    pq.write_table(table, ingested.folder / "a.parquet")
    rows = ingested.fields().select("text", "source").rows()
    assert rows == [("a", "1"), ("b", None), ("c", "3"), ("t", "4")]


def test_a_column_of_nulls_has_no_values(ingested: Ingested) -> None:
    pq.write_table(pa.table({"text": pa.nulls(1), "body": ["a"]}), ingested.folder / "a.parquet")
    assert ingested.fields().height == 1


@pytest.mark.parametrize("second", ["text", "Text", " TEXT"])
def test_two_columns_of_one_name_are_refused(ingested: Ingested, second: str) -> None:
    table = pa.Table.from_arrays([pa.array(["a"]), pa.array(["b"])], ["text", second])
    pq.write_table(table, ingested.folder / "a.parquet")
    with pytest.raises(SgAssetsError, match=r"a\.parquet: two columns have the name text"):
        ingested.fields()


def test_texts_in_parts_are_joined_only_where_that_is_declared(ingested: Ingested) -> None:
    parts = [[{"type": "plain", "text": "see "}, {"type": "link", "text": "this"}], None, []]
    pq.write_table(pa.table({"text": parts}), ingested.folder / "a.parquet")
    with pytest.raises(SgAssetsError, match="join_text_parts: true"):
        ingested.fields()
    assert ingested.fields(JOINED)["text"].to_list() == ["see this", None, ""]


@pytest.mark.parametrize("column", [[1], [1.5], [True], [b"x"], [{"text": "a"}], [[1]]])
def test_a_column_of_another_type_is_refused_by_name(ingested: Ingested, column: list[object]) -> None:
    pq.write_table(pa.table({"text": column}), ingested.folder / "a.parquet")
    with pytest.raises(SgAssetsError, match=r"column text holds .*, not text"):
        ingested.fields()
