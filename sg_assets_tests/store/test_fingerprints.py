"""A fingerprint names content: rows and schema, not order, threads or file layout."""

from pathlib import Path
from random import Random

import duckdb
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sg_assets.store.fingerprints import folder_fingerprint, json_digest, scan_table

ROWS = st.lists(
    st.tuples(st.integers(-5, 5), st.none() | st.text(max_size=3), st.lists(st.integers(0, 2), max_size=2)), max_size=8
)
SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {"a": pl.Int64, "b": pl.String, "c": pl.List(pl.Int64)}


def fingerprint(frame: pl.DataFrame, threads: int = 2) -> str:
    with duckdb.connect(config={"threads": threads}) as connection:
        connection.register("frame", frame)
        return scan_table(connection, "frame").fingerprint


def rows(*found: tuple[object, ...]) -> pl.DataFrame:
    return pl.DataFrame(list(found), schema=SCHEMA, orient="row")


@given(ROWS, st.randoms(use_true_random=False))
def test_row_order_does_not_matter(found: list[tuple[object, ...]], random: Random) -> None:
    shuffled = random.sample(found, len(found))
    assert fingerprint(rows(*found)) == fingerprint(rows(*shuffled))


@given(ROWS, ROWS)
def test_other_rows_have_another_fingerprint(one: list[tuple[object, ...]], other: list[tuple[object, ...]]) -> None:
    def bag(found: list[tuple[object, ...]]) -> list[str]:
        return sorted(map(repr, found))

    assert (fingerprint(rows(*one)) == fingerprint(rows(*other))) == (bag(one) == bag(other))


def test_threads_do_not_matter() -> None:
    frame = pl.DataFrame({"a": range(300_000)}).with_columns(b=pl.col("a").cast(pl.String))
    assert fingerprint(frame, threads=1) == fingerprint(frame, threads=2)


def test_rows_that_occur_twice_do_not_cancel_out() -> None:
    one: tuple[object, ...] = (1, "x", [])
    assert len({fingerprint(rows(*[one] * times)) for times in range(5)}) == 5


def test_values_that_swap_rows_are_seen() -> None:
    assert fingerprint(rows((1, "x", []), (2, "y", []))) != fingerprint(rows((1, "y", []), (2, "x", [])))


def test_column_names_and_types_are_content() -> None:
    frames = [pl.DataFrame({"a": [1]}), pl.DataFrame({"b": [1]}), pl.DataFrame({"a": [1]}, schema={"a": pl.Int32})]
    assert len(set(map(fingerprint, frames))) == 3


def test_missing_is_not_empty() -> None:
    assert (
        len({fingerprint(rows((1, None, []))), fingerprint(rows((1, "", []))), fingerprint(rows((1, None, None)))}) == 3
    )


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
