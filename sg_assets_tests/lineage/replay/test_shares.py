"""Shares add up, to the last digit, and their intervals hold what they should."""

from collections.abc import Mapping
from fractions import Fraction

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sg_assets.lineage.replay.shares import EXACT_UP_TO, Coalition, coalitions, shapley_shares
from sg_assets.statistics.paired import paired_difference


def side(values: list[float]) -> pl.DataFrame:
    names = [f"t{index}" for index in range(len(values))]
    return pl.DataFrame({"item_id": names, "cluster_id": names, "value": values})


def scores(values: Mapping[tuple[int, ...], float]) -> dict[Coalition, pl.DataFrame]:
    return {frozenset(coalition): side([value] * 12) for coalition, value in values.items()}


@pytest.mark.parametrize(("causes", "expected"), [(1, 2), (2, 4), (5, 32), (6, 14), (9, 20)])
def test_up_to_five_causes_all_coalitions_are_replayed(causes: int, expected: int) -> None:
    sets = coalitions(causes)
    assert len(sets) == len(set(sets)) == expected
    assert {frozenset(), frozenset(range(causes))} <= set(sets)


def test_causes_that_do_not_meet_get_what_each_does() -> None:
    shared = shapley_shares(scores({(): 0.75, (0,): 0.5, (1,): 0.625, (0, 1): 0.375}), 2)
    assert [share.change for share in shared.shares] == [Fraction(1, 4), Fraction(1, 8)]
    assert shared.interaction == shared.unshared == 0


def test_what_two_causes_do_only_together_is_shared_equally_and_shown() -> None:
    shared = shapley_shares(scores({(): 0.75, (0,): 0.25, (1,): 0.25, (0, 1): 0.25}), 2)
    assert [share.change for share in shared.shares] == [Fraction(1, 4), Fraction(1, 4)]
    assert [share.alone for share in shared.shares] == [0, 0]
    assert [share.put_back for share in shared.shares] == [Fraction(1, 2), Fraction(1, 2)]
    assert (shared.change, shared.interaction) == (Fraction(1, 2), Fraction(1, 2))


def test_a_cause_that_does_nothing_has_no_share() -> None:
    shared = shapley_shares(scores({(): 0.75, (0,): 0.5, (1,): 0.75, (0, 1): 0.5}), 2)
    assert [share.change for share in shared.shares] == [Fraction(1, 4), 0]


@settings(deadline=None, max_examples=40)
@given(st.integers(1, EXACT_UP_TO), st.integers(0, 2**32 - 1), st.booleans())
def test_shares_add_up_exactly(causes: int, seed: int, whole: bool) -> None:
    random = np.random.default_rng(seed)
    drawn = (random.integers(0, 2, 15) if whole else random.random(15) for _ in iter(int, 1))
    items = {
        coalition: side([float(value) for value in next(drawn)][: 15 - len(coalition)])
        for coalition in coalitions(causes)
    }
    shared = shapley_shares(items, causes)
    assert sum((share.change for share in shared.shares), start=Fraction(0)) == shared.change
    assert shared.unshared == 0
    alone = sum((share.alone for share in shared.shares), start=Fraction(0))
    assert alone + shared.interaction == shared.change


def test_of_many_causes_each_is_put_back_alone_and_the_rest_is_told() -> None:
    causes = EXACT_UP_TO + 1
    # Each alone takes nothing away; all together take half: nobody's share.
    everyone = frozenset(range(causes))
    items = {coalition: side([0.25 if coalition == everyone else 0.75] * 12) for coalition in coalitions(causes)}
    shared = shapley_shares(items, causes)
    assert [share.change for share in shared.shares] == [0] * causes
    assert shared.unshared == shared.change == Fraction(1, 2)


def test_the_interval_of_a_single_cause_is_that_of_the_paired_difference() -> None:
    random = np.random.default_rng(3)
    before, after = (side([float(value) for value in random.random(40)]) for _ in range(2))
    [share] = shapley_shares({frozenset(): after, frozenset([0]): before}, 1).shares
    first, last = (items.with_columns(metric=pl.lit("m"), slice=pl.lit("s")) for items in (before, after))
    paired = paired_difference(first, last)
    assert (share.low, share.high) == pytest.approx((paired.low, paired.high))


def test_few_texts_have_no_interval() -> None:
    [share] = shapley_shares({frozenset(): side([1.0, 0.0]), frozenset([0]): side([0.0, 0.0])}, 1).shares
    assert (share.low, share.high) == (None, None)
