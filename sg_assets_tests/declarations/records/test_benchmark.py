"""A benchmark, the scores shown of it, and comparisons by them."""

import pytest
from pydantic import ValidationError

from sg_assets.declarations.records.benchmark import Benchmark, Comparison

SCORE = {"metric": "rate", "slice": "all", "title": "Rate", "better": "lower"}


def benchmark(*shown: dict[str, str]) -> Benchmark:
    content = {"name": "b", "description": "x", "items": "SELECT 1", "judges": {}, "shown": shown}
    return Benchmark.model_validate(content)


def test_a_score_is_shown_once() -> None:
    with pytest.raises(ValidationError, match="rate of all is listed twice"):
        benchmark(SCORE, SCORE)


def test_a_picture_of_two_scores_has_both_axes() -> None:
    assert benchmark({**SCORE, "axis": "x"}, {**SCORE, "slice": "safe", "axis": "y"}).shown[1].axis == "y"
    with pytest.raises(ValidationError, match="one axis: x and one axis: y"):
        benchmark({**SCORE, "axis": "x"})


def test_a_variant_is_not_compared_with_itself() -> None:
    content = {"id": "q", "question": "?", "variant": "a", "against": "a", "benchmark": "b", **SCORE, "asks": "lower"}
    content = {name: value for name, value in content.items() if name not in ("title", "better")}
    with pytest.raises(ValidationError, match="a variant is not compared with itself"):
        Comparison.model_validate(content)
