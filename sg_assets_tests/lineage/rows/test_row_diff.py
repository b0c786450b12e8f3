"""A row diff counts as counting by hand does, and shows texts only on request."""

from pathlib import Path

import polars as pl
import pytest

from sg_assets.lineage.rows.row_diff import RowChange
from sg_assets_tests.lineage.rows.tables import OLD, diff


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def test_rows_are_known_by_their_key_whatever_their_order(folder: Path) -> None:
    row_changes = diff(folder, OLD, OLD.sample(fraction=1, shuffle=True, seed=1))
    assert (row_changes.added, row_changes.removed, row_changes.changed, row_changes.samples) == (0, 0, 0, ())


def test_added_removed_and_changed_rows_are_counted_and_the_columns_named(folder: Path) -> None:
    more = pl.DataFrame({"id": ["new"], "template_id": ["sum"], "prompt": ["say new"], "n": [1]})
    joke = pl.col("template_id") == "joke"
    new = OLD.slice(3).with_columns(
        prompt=pl.when(joke).then(pl.lit("changed")).otherwise("prompt"),
        n=pl.when(pl.col("n") == 99).then(None).otherwise("n"),
    )
    row_changes = diff(folder, OLD, pl.concat([new, more]))
    assert (row_changes.before, row_changes.after, row_changes.added, row_changes.removed, row_changes.changed) == (
        100,
        98,
        1,
        3,
        20,
    )
    assert row_changes.columns == (("prompt", 20), ("n", 1))
    assert [(sample.change, sample.key) for sample in row_changes.samples[:4]] == [
        (RowChange.ADDED, ("new",)), *((RowChange.REMOVED, (f"k00{n}",)) for n in range(3)),
    ]  # fmt: skip


def test_texts_are_shown_only_on_request(folder: Path) -> None:
    new = OLD.with_columns(prompt=pl.when(pl.col("n") == 5).then(pl.lit("say other")).otherwise("prompt"))
    assert diff(folder, OLD, new).samples[0].values == ()
    assert diff(folder, OLD, new, with_text=True).samples[0].values == (("prompt", "say 5", "say other"),)


def test_new_and_lost_columns_are_told_apart_from_changed_rows(folder: Path) -> None:
    row_changes = diff(folder, OLD, OLD.drop("n").with_columns(extra=1))
    assert (row_changes.changed, row_changes.columns_added, row_changes.columns_removed) == (0, ("extra",), ("n",))


def test_a_column_that_is_ignored_changes_no_row(folder: Path) -> None:
    assert diff(folder, OLD, OLD.with_columns(n=pl.col("n") + 1), ignored=["n", "it's not there"]).changed == 0


def test_lists_count_by_their_values(folder: Path) -> None:
    old = pl.DataFrame({"id": ["a", "b"], "chat": [["x"], None]}, schema_overrides={"chat": pl.List(pl.String)})
    new = pl.DataFrame({"id": ["a", "b"], "chat": [["x"], []]}, schema_overrides={"chat": pl.List(pl.String)})
    assert diff(folder, old, new).columns == (("chat", 1),)


@pytest.mark.parametrize("key", [(), ("gone",)])
def test_without_a_key_whole_rows_are_compared(folder: Path, key: tuple[str, ...]) -> None:
    new = OLD.with_columns(prompt=pl.when(pl.col("n") == 5).then(pl.lit("other")).otherwise("prompt"))
    row_changes = diff(folder, OLD, pl.concat([new, new.head(1)]), key)
    assert (row_changes.added, row_changes.removed, row_changes.changed, row_changes.key, row_changes.samples) == (
        2,
        1,
        0,
        (),
        (),
    )


def test_an_empty_version_is_compared_like_any_other(folder: Path) -> None:
    assert diff(folder, OLD.clear(), OLD).added == 100
    assert diff(folder, OLD, OLD.clear()).removed == 100
