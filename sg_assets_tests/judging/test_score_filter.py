"""Texts that a judge is known to miss."""

import time

import polars as pl

from sg_assets.declarations.records.judge_model import ScoreFilter
from sg_assets.judging.score_filter import matches, raised


def test_each_pattern_is_counted_for_itself() -> None:
    declared = ScoreFilter(patterns={"sorry": r"(?i)^sorry\b", "cannot": "can(no|')t"})
    matched = matches(pl.Series(["Sorry, I can't", "Not sorry", "I cannot", ""]), declared)
    assert matched.rows() == [(True, True), (False, False), (False, True), (False, False)]


def test_a_score_is_raised_where_some_pattern_matches_and_lowered_nowhere() -> None:
    matched = pl.DataFrame({"a": [True, False, True], "b": [False, False, False]})
    declared = ScoreFilter(patterns={"a": "x", "b": "y"}, score=0.8)
    assert raised(pl.Series([0.1, 0.2, 0.95]), matched, declared).to_list() == [0.8, 0.2, 0.95]


def test_a_pattern_that_explodes_elsewhere_takes_linear_time() -> None:
    begin = time.process_time()
    matches(pl.Series(["a" * 20_000]), ScoreFilter(patterns={"nested": "^(a+)+$|(a*)*b"}, score=1.0))
    assert time.process_time() - begin < 2
