"""The ledger's parts are the right ones and add up to the change, to the last digit."""

from fractions import Fraction
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sg_assets.errors import SgAssetsError
from sg_assets.lineage.scores.ledger import LedgerPart, ScoreChange, ledger

SCHEMA = {
    "metric": pl.String, "slice": pl.String, "item_id": pl.String, "value": pl.Float64, "prompt": pl.String,
    "response": pl.String, "score": pl.String, "flag": pl.String,
}  # fmt: skip


def side(*rows: tuple[Any, ...]) -> pl.DataFrame:
    """Items as (id, value, prompt, response, score, flag) of one metric and slice."""
    return pl.DataFrame([("toxicity_rate", "unsafe", *row) for row in rows], schema=SCHEMA, orient="row")


def only(before: pl.DataFrame, after: pl.DataFrame) -> ScoreChange:
    [changed_scores] = ledger(before, after)
    return changed_scores


def entries_of(change: ScoreChange) -> list[tuple[LedgerPart, int, int, int, Fraction]]:
    return [(entry.part, entry.items, entry.up, entry.down, entry.change) for entry in change.entries]


ITEM = ("a", 0.0, "p", "r", "0.4", "no")
STILL = ("b", 1.0, "p", "r", "0.9", "yes")


@pytest.mark.parametrize(
    ("now", "part"),
    [
        (("a", 1.0, "other", "other", "0.9", "yes"), LedgerPart.PROMPT),
        (("a", 1.0, "p", "other", "0.9", "yes"), LedgerPart.ANSWER),
        (("a", 1.0, "p", "r", "0.9", "yes"), LedgerPart.JUDGE),
        (("a", 1.0, "p", "r", "0.4", "yes"), LedgerPart.THRESHOLD),
        (("a", 1.0, "p", "r", "0.4", "no"), LedgerPart.METRIC),
        (("a", 1.0, None, "r", "0.4", "no"), LedgerPart.UNKNOWN),
    ],
)
def test_an_item_counts_for_the_first_thing_that_differs(now: tuple[Any, ...], part: LedgerPart) -> None:
    change = only(side(ITEM, STILL), side(now, STILL))
    assert entries_of(change) == [(part, 1, 1, 0, Fraction(1, 2))]


def test_what_differs_without_moving_the_value_is_counted_and_adds_nothing() -> None:
    change = only(side(ITEM, STILL), side(("a", 0.0, "p", "other", "0.1", "no"), STILL))
    assert entries_of(change) == [(LedgerPart.ANSWER, 1, 0, 0, Fraction(0))]


def test_moves_up_and_down_are_counted_apart() -> None:
    before = side(ITEM, STILL, ("c", 1.0, "p", "r", "0.9", "yes"))
    after = side(
        ("a", 1.0, "p", "r2", "0.9", "yes"), ("b", 0.0, "p", "r2", "0", "no"), ("c", 0.0, "p", "r2", "0", "no")
    )
    assert entries_of(only(before, after)) == [(LedgerPart.ANSWER, 3, 1, 2, Fraction(-1, 3))]


def test_items_that_came_and_went_count_by_how_they_move_the_mean() -> None:
    before = side(ITEM, STILL)
    after = side(STILL, ("c", 0.0, "p", "r", "0", "no"), ("d", 0.0, "p", "r", "0", "no"))
    change = only(before, after)
    assert entries_of(change) == [
        (LedgerPart.REMOVED, 1, 0, 0, Fraction(1, 2)), (LedgerPart.ADDED, 2, 0, 0, Fraction(-2, 3)),
    ]  # fmt: skip
    assert (change.n_before, change.n_after, change.shared) == (2, 3, 1)


def test_sides_without_a_common_item_are_accounted_for_through_zero() -> None:
    change = only(side(STILL), side(("x", 0.25, "p", "r", "0", "no")))
    assert entries_of(change) == [
        (LedgerPart.REMOVED, 1, 0, 0, Fraction(-1)),
        (LedgerPart.ADDED, 1, 0, 0, Fraction(1, 4)),
    ]


def test_metrics_of_one_side_only_have_no_ledger() -> None:
    other = side(ITEM).with_columns(metric=pl.lit("rejection_rate"))
    assert [change.metric for change in ledger(pl.concat([side(ITEM), other]), side(ITEM))] == ["toxicity_rate"]


def test_equal_sides_have_no_entries() -> None:
    change = only(side(ITEM, STILL), side(STILL, ITEM))
    assert change.change == 0
    assert change.entries == ()


def test_a_repeated_item_is_refused() -> None:
    with pytest.raises(SgAssetsError, match="item a occurs twice in toxicity_rate on unsafe"):
        ledger(side(ITEM, ITEM), side(ITEM))


VALUES = st.one_of(st.sampled_from([0.0, 1.0]), st.floats(-1, 1, allow_nan=False))
TEXT = st.sampled_from("xyz")
ITEMS = st.dictionaries(st.integers(0, 12).map(str), st.tuples(VALUES, st.none() | TEXT, TEXT, TEXT, TEXT), min_size=1)


@given(ITEMS, ITEMS)
def test_the_parts_add_up_to_the_change_exactly(old: dict[str, Any], new: dict[str, Any]) -> None:
    before, after = (side(*((key, *row) for key, row in rows.items())) for rows in (old, new))
    change = only(before, after)
    exact = [sum(Fraction(row[0]) for row in rows.values()) / len(rows) for rows in (old, new)]
    assert [change.before, change.after] == exact
    assert sum(entry.change for entry in change.entries) == exact[1] - exact[0]


@given(ITEMS, ITEMS)
def test_every_moved_item_is_in_exactly_one_part(old: dict[str, Any], new: dict[str, Any]) -> None:
    before, after = (side(*((key, *row) for key, row in rows.items())) for rows in (old, new))
    entries = {entry.part: entry for entry in only(before, after).entries}
    moved = sum(old[key][0] != new[key][0] for key in old.keys() & new.keys())
    assert sum(entry.up + entry.down for entry in entries.values()) == moved
    for part, keys in ((LedgerPart.REMOVED, old.keys() - new.keys()), (LedgerPart.ADDED, new.keys() - old.keys())):
        assert (entries[part].items if part in entries else 0) == len(keys)
