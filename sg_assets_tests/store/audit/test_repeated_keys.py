"""Repeated keys are found whatever hashes do, and in passes of bounded memory."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sg_assets.store.audit import repeated_keys as keys
from sg_assets.store.engine import connect


def repeated(
    frame: pl.DataFrame, *key: str, compared_whole: int = 0, at_once: int = keys.HASHES_AT_ONCE
) -> tuple[int, list[tuple[str, ...]]]:
    with connect() as connection:
        connection.register("frame", frame)
        return keys.repeated_keys(
            connection, "frame", key, rows=frame.height, examples=3, compared_whole=compared_whole, at_once=at_once
        )


@given(
    st.lists(st.tuples(st.none() | st.integers(0, 4), st.sampled_from("ab")), max_size=12),
    st.integers(0, 12),
    st.integers(1, 5),
)
def test_they_are_what_counting_by_hand_finds(
    rows: list[tuple[int | None, str]], compared_whole: int, at_once: int
) -> None:
    frame = pl.DataFrame(rows, schema={"a": pl.Int64, "b": pl.String}, orient="row")
    expected = sorted({row for row in rows if row[0] is not None and rows.count(row) > 1})
    count, examples = repeated(frame, "a", "b", compared_whole=compared_whole, at_once=at_once)
    assert (count, examples) == (len(expected), [(str(a), b) for a, b in expected[:3]])


def test_keys_whose_hashes_are_equal_are_not_mistaken_for_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "_hash", lambda key: "hash(1)")
    assert repeated(pl.DataFrame({"id": [1, 2, 3]}), "id") == (0, [])
    assert repeated(pl.DataFrame({"id": [1, 2, 2]}), "id") == (1, [("2",)])
