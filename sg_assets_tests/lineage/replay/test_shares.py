"""Shares add up, to the last digit, and their intervals hold what they should."""

from collections.abc import Mapping
from fractions import Fraction

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sg_assets.lineage.replay.shares import EXACT_UP_TO, Put, coalitions, share_out
from sg_assets.statistics.paired import paired_difference


def side(values: list[float]) -> pl.DataFrame:
    names = [f"t{place}" for place in range(len(values))]
    return pl.DataFrame({"item_id": names, "cluster_id": names, "value": values})


def scores(values: Mapping[tuple[int, ...], float]) -> dict[Put, pl.DataFrame]:
    return {frozenset(put): side([value] * 12) for put, value in values.items()}


@pytest.mark.parametrize(("players", "expected"), [(1, 2), (2, 4), (5, 32), (6, 14), (9, 20)])
def test_up_to_five_causes_all_coalitions_are_replayed(players: int, expected: int) -> None:
    found = coalitions(players)
    assert len(found) == len(set(found)) == expected
    assert {frozenset(), frozenset(range(players))} <= set(found)


def test_causes_that_do_not_meet_get_what_each_does() -> None:
    shared = share_out(scores({(): 0.75, (0,): 0.5, (1,): 0.625, (0, 1): 0.375}), 2)
    assert [one.change for one in shared.shares] == [Fraction(1, 4), Fraction(1, 8)]
    assert shared.interaction == shared.unshared == 0


def test_what_two_causes_do_only_together_is_shared_equally_and_shown() -> None:
    shared = share_out(scores({(): 0.75, (0,): 0.25, (1,): 0.25, (0, 1): 0.25}), 2)
    assert [one.change for one in shared.shares] == [Fraction(1, 4), Fraction(1, 4)]
    assert [one.alone for one in shared.shares] == [0, 0]
    assert [one.put_back for one in shared.shares] == [Fraction(1, 2), Fraction(1, 2)]
    assert (shared.change, shared.interaction) == (Fraction(1, 2), Fraction(1, 2))


def test_a_cause_that_does_nothing_has_no_share() -> None:
    shared = share_out(scores({(): 0.75, (0,): 0.5, (1,): 0.75, (0, 1): 0.5}), 2)
    assert [one.change for one in shared.shares] == [Fraction(1, 4), 0]


@settings(deadline=None, max_examples=40)
@given(st.integers(1, EXACT_UP_TO), st.integers(0, 2**32 - 1), st.booleans())
def test_shares_add_up_exactly(players: int, seed: int, whole: bool) -> None:
    random = np.random.default_rng(seed)
    drawn = (random.integers(0, 2, 15) if whole else random.random(15) for _ in iter(int, 1))
    items = {put: side([float(one) for one in next(drawn)][: 15 - len(put)]) for put in coalitions(players)}
    shared = share_out(items, players)
    assert sum((one.change for one in shared.shares), start=Fraction(0)) == shared.change
    assert shared.unshared == 0
    alone = sum((one.alone for one in shared.shares), start=Fraction(0))
    assert alone + shared.interaction == shared.change


def test_of_many_causes_each_is_put_back_alone_and_the_rest_is_told() -> None:
    players = EXACT_UP_TO + 1
    # Each alone takes nothing away; all together take half: nobody's share.
    everyone = frozenset(range(players))
    items = {put: side([0.25 if put == everyone else 0.75] * 12) for put in coalitions(players)}
    shared = share_out(items, players)
    assert [one.change for one in shared.shares] == [0] * players
    assert shared.unshared == shared.change == Fraction(1, 2)


def test_the_interval_of_a_single_cause_is_that_of_the_paired_difference() -> None:
    random = np.random.default_rng(3)
    before, after = (side([float(one) for one in random.random(40)]) for _ in range(2))
    [share] = share_out({frozenset(): after, frozenset([0]): before}, 1).shares
    first, last = (one.with_columns(metric=pl.lit("m"), slice=pl.lit("s")) for one in (before, after))
    paired = paired_difference(first, last)
    assert (share.low, share.high) == pytest.approx((paired.low, paired.high))


def test_few_texts_have_no_interval() -> None:
    [share] = share_out({frozenset(): side([1.0, 0.0]), frozenset([0]): side([0.0, 0.0])}, 1).shares
    assert (share.low, share.high) == (None, None)
