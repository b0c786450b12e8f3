"""Strata of judged answers."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from sg_assets.people.strata import allocation, with_strata


@given(st.dictionaries(st.sampled_from("abcde"), st.integers(1, 50), min_size=1), st.integers(0, 300))
def test_as_many_are_drawn_as_are_wanted_and_there_are(sizes: dict[str, int], count: int) -> None:
    drawn = allocation(sizes, count)
    assert sum(drawn.values()) == min(count, sum(sizes.values()))
    assert all(0 <= drawn[stratum] <= size for stratum, size in sizes.items())


@given(st.dictionaries(st.sampled_from("abcde"), st.integers(1, 50), min_size=1), st.integers(0, 300))
def test_no_stratum_gets_much_more_than_one_that_has_answers_left(sizes: dict[str, int], count: int) -> None:
    drawn = allocation(sizes, count)
    left = [drawn[stratum] for stratum in sizes if drawn[stratum] < sizes[stratum]]
    assert not left or max(drawn.values()) <= min(left) + 1


def test_answers_near_a_threshold_are_apart_on_each_side() -> None:
    scores = pl.DataFrame({"a_score": [n / 20 for n in range(20)]})
    strata = with_strata(scores, {"a_score": 0.5})["stratum"].to_list()
    assert strata == [*["not raised, far"] * 8, *["not raised, near"] * 2, *["raised, near"] * 2, *["raised, far"] * 8]


def test_answers_that_judges_disagree_on_are_a_stratum() -> None:
    scores = pl.DataFrame({"a_score": [0.9, 0.9, 0.1], "b_score": [7.0, -3.0, -7.0]})
    strata = with_strata(scores, {"a_score": 0.5, "b_score": 0.0})["stratum"].to_list()
    assert strata[1] == "disagree"
    assert "disagree" not in (strata[0], strata[2])
