"""A fingerprint names content: rows and schema, not order, threads or file layout."""

from pathlib import Path
from random import Random

import duckdb
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sg_assets.store.fingerprints import folder_fingerprint, json_digest, scan_table

pytestmark = pytest.mark.slow

ROWS = st.lists(
    st.tuples(st.integers(-5, 5), st.none() | st.text(max_size=3), st.lists(st.integers(0, 2), max_size=2)), max_size=8
)
SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {"a": pl.Int64, "b": pl.String, "c": pl.List(pl.Int64)}


CONNECTION = duckdb.connect(config={"threads": 2})


def fingerprint(frame: pl.DataFrame) -> str:
    CONNECTION.register("frame", frame)
    return scan_table(CONNECTION, "frame").fingerprint


def rows(*values: tuple[object, ...]) -> pl.DataFrame:
    return pl.DataFrame(list(values), schema=SCHEMA, orient="row")


@given(ROWS, st.randoms(use_true_random=False))
def test_row_order_does_not_matter(drawn: list[tuple[object, ...]], random: Random) -> None:
    shuffled = random.sample(drawn, len(drawn))
    assert fingerprint(rows(*drawn)) == fingerprint(rows(*shuffled))


@given(ROWS, ROWS)
def test_other_rows_have_another_fingerprint(first: list[tuple[object, ...]], other: list[tuple[object, ...]]) -> None:
    def bag(rows_: list[tuple[object, ...]]) -> list[str]:
        return sorted(map(repr, rows_))

    assert (fingerprint(rows(*first)) == fingerprint(rows(*other))) == (bag(first) == bag(other))


@pytest.mark.parametrize("threads", [1, 2])
def test_threads_row_groups_and_files_do_not_matter(tmp_path: Path, threads: int) -> None:
    frame = pl.DataFrame({"a": range(300_000)}).with_columns(b=pl.col("a").cast(pl.String))
    frame.write_parquet(tmp_path / "small.parquet", row_group_size=7000)
    for index, part in enumerate(frame.reverse().iter_slices(100_001)):
        part.write_parquet(tmp_path / f"part-{index}.parquet")
    expected = fingerprint(frame)
    for files in ("small.parquet", "part-*.parquet"):
        with duckdb.connect(config={"threads": threads}) as connection:
            assert scan_table(connection, f"read_parquet('{tmp_path}/{files}')").fingerprint == expected


@given(ROWS.filter(len), st.data())
def test_any_changed_value_is_seen(drawn: list[tuple[object, ...]], data: st.DataObject) -> None:
    row, column = data.draw(st.integers(0, len(drawn) - 1)), data.draw(st.integers(0, 2))
    values: list[object] = [*drawn[row]]
    values[column] = [data.draw(st.integers(6, 9)), "other", [9]][column]
    changed = [*drawn[:row], tuple(values), *drawn[row + 1 :]]
    assert fingerprint(rows(*changed)) != fingerprint(rows(*drawn))


@given(ROWS.filter(len), st.data())
def test_any_repeated_row_is_seen(drawn: list[tuple[object, ...]], data: st.DataObject) -> None:
    again = data.draw(st.lists(st.sampled_from(drawn), min_size=1, max_size=4))
    assert fingerprint(rows(*drawn, *again)) != fingerprint(rows(*drawn))


@given(ROWS, st.sampled_from("abc"))
def test_any_renamed_column_is_seen(drawn: list[tuple[object, ...]], column: str) -> None:
    assert fingerprint(rows(*drawn).rename({column: f"{column}_"})) != fingerprint(rows(*drawn))


@given(ROWS)
def test_any_changed_type_is_seen(drawn: list[tuple[object, ...]]) -> None:
    frame = rows(*drawn)
    other = [frame.cast({"a": pl.Int32}), frame.cast({"b": pl.Binary}), frame.cast({"c": pl.List(pl.Int32)})]
    assert len({fingerprint(frame), *map(fingerprint, other)}) == 4


def test_rows_that_occur_twice_do_not_cancel_out() -> None:
    first: tuple[object, ...] = (1, "x", [])
    assert len({fingerprint(rows(*[first] * times)) for times in range(5)}) == 5


def test_values_that_swap_rows_are_seen() -> None:
    assert fingerprint(rows((1, "x", []), (2, "y", []))) != fingerprint(rows((1, "y", []), (2, "x", [])))


def test_missing_is_not_empty() -> None:
    assert (
        len({fingerprint(rows((1, None, []))), fingerprint(rows((1, "", []))), fingerprint(rows((1, None, None)))}) == 3
    )


def test_rows_without_a_value_are_counted() -> None:
    with duckdb.connect() as connection:
        connection.register("frame", rows((1, None, []), (None, "x", []), (None, None, [])))
        assert scan_table(connection, "frame", ("a",)).incomplete == 2
        assert scan_table(connection, "frame", ("a", "b", "nowhere")).incomplete == 3


def test_the_value_is_the_same_on_every_release_of_duckdb() -> None:
    frame = pl.DataFrame(
        {
            "key": ["a", "b", "c"],
            "number": [0.5, None, -1.0],
            "yes": [True, False, None],
            "chat": [[{"role": "user", "content": "hi"}], [], None],
        },
        schema_overrides={"chat": pl.List(pl.Struct({"role": pl.String, "content": pl.String}))},
    )
    assert fingerprint(frame) == "aa88be122a51921a8294608b3e7b2e51"


def test_a_folder_is_named_by_names_and_bytes(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x.txt").write_text("x")
    before, files = folder_fingerprint(tmp_path)
    assert list(files) == ["a/x.txt"]
    (tmp_path / "a" / "x.txt").rename(tmp_path / "a" / "y.txt")
    assert folder_fingerprint(tmp_path)[0] != before


def test_key_order_does_not_move_a_digest() -> None:
    assert json_digest({"a": 1, "b": [1, 2]}) == json_digest({"b": [1, 2], "a": 1})
    assert json_digest({"a": 1}) != json_digest({"a": "1"})


def test_what_is_no_plain_number_has_no_digest() -> None:
    with pytest.raises(ValueError, match="JSON"):
        json_digest(float("nan"))
