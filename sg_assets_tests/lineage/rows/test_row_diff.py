"""A row diff tells what counting by hand tells, and never a text unasked."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sg_assets.lineage.rows.row_diff import Fate, RowDiff, row_diff
from sg_assets.lineage.rows.slices import Slice

OLD = pl.DataFrame(
    {
        "id": [f"k{n:03d}" for n in range(100)],
        "template_id": [("reply", "sum")[n % 2] if n < 80 else "joke" for n in range(100)],
        "prompt": [f"say {n}" for n in range(100)],
        "n": list(range(100)),
    }
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def diff(folder: Path, old: pl.DataFrame, new: pl.DataFrame, key: Sequence[str] = ("id",), **options: Any) -> RowDiff:
    old.write_parquet(folder / "old.parquet")
    new.write_parquet(folder / "new.parquet")
    return row_diff(folder / "old.parquet", folder / "new.parquet", key, folder / "scratch", **options)


def test_rows_are_known_by_their_key_whatever_their_order(folder: Path) -> None:
    found = diff(folder, OLD, OLD.sample(fraction=1, shuffle=True, seed=1))
    assert (found.added, found.removed, found.changed, found.samples) == (0, 0, 0, ())


def test_added_removed_and_changed_rows_are_counted_and_the_columns_named(folder: Path) -> None:
    more = pl.DataFrame({"id": ["new"], "template_id": ["sum"], "prompt": ["say new"], "n": [1]})
    joke = pl.col("template_id") == "joke"
    new = OLD.slice(3).with_columns(
        prompt=pl.when(joke).then(pl.lit("changed")).otherwise("prompt"),
        n=pl.when(pl.col("n") == 99).then(None).otherwise("n"),
    )
    found = diff(folder, OLD, pl.concat([new, more]))
    assert (found.before, found.after, found.added, found.removed, found.changed) == (100, 98, 1, 3, 20)
    assert found.columns == (("prompt", 20), ("n", 1))
    assert [(one.fate, one.key) for one in found.samples[:4]] == [
        (Fate.ADDED, ("new",)), *((Fate.REMOVED, (f"k00{n}",)) for n in range(3)),
    ]  # fmt: skip


def test_where_changes_are_concentrated_is_told_with_lift(folder: Path) -> None:
    joke = pl.col("template_id") == "joke"
    found = diff(folder, OLD, OLD.with_columns(prompt=pl.when(joke).then(pl.lit("x")).otherwise("prompt")))
    [one] = found.slices
    assert one == Slice("changed", "template_id", "joke", rows=20, share=1.0, lift=5.0)


def test_changes_spread_like_the_rows_are_not_over_represented(folder: Path) -> None:
    assert diff(folder, OLD, OLD.with_columns(n=pl.col("n") + 1)).slices == ()


def test_a_few_rows_are_no_slice_however_concentrated(folder: Path) -> None:
    few = pl.col("n").is_between(80, 83)
    assert diff(folder, OLD, OLD.with_columns(prompt=pl.when(few).then(pl.lit("x")).otherwise("prompt"))).slices == ()


def test_a_column_of_sentences_is_no_slice(folder: Path) -> None:
    spoken = OLD.with_columns(answer=pl.when(pl.col("n") < 10).then(pl.lit("not so nice")).otherwise(pl.lit("ok then")))
    found = diff(folder, spoken, spoken.with_columns(n=pl.when(pl.col("n") < 10).then(-1).otherwise("n")))
    assert {one.column for one in found.slices} <= {"template_id"}


def test_texts_are_shown_only_on_request(folder: Path) -> None:
    new = OLD.with_columns(prompt=pl.when(pl.col("n") == 5).then(pl.lit("say other")).otherwise("prompt"))
    assert diff(folder, OLD, new).samples[0].values == ()
    assert diff(folder, OLD, new, with_text=True).samples[0].values == (("prompt", "say 5", "say other"),)


def test_new_and_lost_columns_are_told_apart_from_changed_rows(folder: Path) -> None:
    found = diff(folder, OLD, OLD.drop("n").with_columns(extra=1))
    assert (found.changed, found.columns_added, found.columns_removed) == (0, ("extra",), ("n",))


def test_a_column_of_another_type_is_compared_as_text(folder: Path) -> None:
    assert diff(folder, OLD, OLD.with_columns(pl.col("n").cast(pl.String))).changed == 0


def test_a_column_that_is_ignored_changes_no_row(folder: Path) -> None:
    assert diff(folder, OLD, OLD.with_columns(n=pl.col("n") + 1), ignored=["n", "it's not there"]).changed == 0


def test_lists_count_by_their_values(folder: Path) -> None:
    old = pl.DataFrame({"id": ["a", "b"], "chat": [["x"], None]}, schema_overrides={"chat": pl.List(pl.String)})
    new = pl.DataFrame({"id": ["a", "b"], "chat": [["x"], []]}, schema_overrides={"chat": pl.List(pl.String)})
    assert diff(folder, old, new).columns == (("chat", 1),)


@pytest.mark.parametrize("key", [(), ("gone",)])
def test_without_a_key_whole_rows_are_compared(folder: Path, key: tuple[str, ...]) -> None:
    new = OLD.with_columns(prompt=pl.when(pl.col("n") == 5).then(pl.lit("other")).otherwise("prompt"))
    found = diff(folder, OLD, pl.concat([new, new.head(1)]), key)
    assert (found.added, found.removed, found.changed, found.key, found.samples) == (2, 1, 0, (), ())


def test_an_empty_version_is_compared_like_any_other(folder: Path) -> None:
    assert diff(folder, OLD.clear(), OLD).added == 100
    assert diff(folder, OLD, OLD.clear()).removed == 100


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
    found = diff(tmp_path_factory.mktemp("rows"), frames[0], frames[1], joined_whole=joined_whole)
    both = old.keys() & new.keys()
    assert (found.added, found.removed) == (len(new.keys() - old.keys()), len(old.keys() - new.keys()))
    assert found.changed == sum(old[key] != new[key] for key in both)
    assert dict(found.columns) == {
        name: count
        for place, name in enumerate(("x", "y"))
        if (count := sum(old[key][place] != new[key][place] for key in both))
    }


def test_columns_may_have_the_names_that_the_comparison_uses(folder: Path) -> None:
    old = pl.DataFrame({"metric": ["a", "b"] * 10, "slice": [str(n) for n in range(20)], "value": [0.5] * 20,
                        "rows": [1] * 20})  # fmt: skip
    found = diff(folder, old, old.with_columns(value=pl.lit(0.25)), key=("metric", "slice"))
    assert (found.changed, found.columns) == (20, (("value", 20),))
