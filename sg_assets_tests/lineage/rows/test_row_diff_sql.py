"""The SQL of a row diff counts as counting by hand does."""

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sg_assets_tests.lineage.rows.tables import OLD, diff

pytestmark = pytest.mark.slow


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


ROWS = st.dictionaries(st.integers(0, 40), st.tuples(st.integers(0, 2), st.sampled_from([None, "", "a", "b"])))


@given(old=ROWS, new=ROWS, joined_whole=st.sampled_from([0, 1000]))
def test_it_is_what_counting_by_hand_gives(
    old: dict[int, tuple[int, str]],
    new: dict[int, tuple[int, str]],
    joined_whole: int,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    frames = [
        pl.DataFrame(
            [(key, *values) for key, values in rows.items()],
            schema={"id": pl.Int64, "x": pl.Int64, "y": pl.String},
            orient="row",
        )
        for rows in (old, new)
    ]
    row_changes = diff(tmp_path_factory.mktemp("rows"), frames[0], frames[1], joined_whole=joined_whole)
    both = old.keys() & new.keys()
    assert (row_changes.added, row_changes.removed) == (len(new.keys() - old.keys()), len(old.keys() - new.keys()))
    assert row_changes.changed == sum(old[key] != new[key] for key in both)
    assert dict(row_changes.columns) == {
        name: count
        for index, name in enumerate(("x", "y"))
        if (count := sum(old[key][index] != new[key][index] for key in both))
    }


def test_columns_may_have_the_names_that_the_comparison_uses(folder: Path) -> None:
    old = pl.DataFrame({"metric": ["a", "b"] * 10, "slice": [str(n) for n in range(20)], "value": [0.5] * 20,
                        "rows": [1] * 20})  # fmt: skip
    row_changes = diff(folder, old, old.with_columns(value=pl.lit(0.25)), key=("metric", "slice"))
    assert (row_changes.changed, row_changes.columns) == (20, (("value", 20),))


def test_a_column_of_another_type_is_compared_as_text(folder: Path) -> None:
    assert diff(folder, OLD, OLD.with_columns(pl.col("n").cast(pl.String))).changed == 0
