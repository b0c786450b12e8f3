"""How far judges agree."""

import numpy as np
import polars as pl
import pytest
from sklearn.metrics import cohen_kappa_score

from sg_assets.judging.judge_agreement import agreements, kappa

DRAWN = np.random.default_rng(0)
FIRST = DRAWN.random(400)
SECOND = np.where(DRAWN.random(400) < 0.8, FIRST, DRAWN.random(400))
JUDGED = pl.DataFrame(
    {"cluster_id": [f"text{n // 4}" for n in range(400)], "flag": FIRST >= 0.5, "second_score": SECOND}
)


def kappa_of(judged: pl.DataFrame) -> dict[str, float]:
    known = agreements(judged, {"flag": "first"}, {"flag": {"second": 0.5}}, 0)
    interval: dict[str, float] = known["flag"]["kappa"]["second"]
    return interval


def test_kappa_is_that_of_scikit_learn() -> None:
    assert kappa_of(JUDGED)["value"] == pytest.approx(cohen_kappa_score(FIRST >= 0.5, SECOND >= 0.5), abs=1e-4)


def test_the_interval_is_around_it_and_wider_where_answers_to_one_text_are_alike() -> None:
    alone = kappa_of(JUDGED)
    copied = kappa_of(pl.concat([JUDGED] * 4))
    assert alone["low"] < alone["value"] < alone["high"]
    assert copied == alone  # copies within clusters say nothing new


def test_judges_that_say_the_same_of_everything_have_no_kappa() -> None:
    assert np.isnan(kappa(np.array([[5.0, 0.0, 0.0, 0.0]]))[0])
    assert kappa(np.array([[5.0, 0.0, 0.0, 5.0], [0.0, 5.0, 5.0, 0.0]])).tolist() == [1.0, -1.0]


def test_no_answers_give_no_number() -> None:
    assert kappa_of(JUDGED.clear()) == {"value": None, "low": None, "high": None}
