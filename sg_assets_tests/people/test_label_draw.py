"""Drawing answers with known probabilities."""

import polars as pl
import pytest

from sg_assets.people.label_draw import draw

JUDGED = pl.DataFrame(
    {
        "benchmark": "b", "variant": "v", "item_id": [f"i{n:03d}" for n in range(60)],
        "stratum": ["raised"] * 6 + ["near"] * 14 + ["far"] * 40, "yes": [n % 5 == 0 for n in range(60)],
    }
)  # fmt: skip


def test_equal_arguments_draw_equal_answers_whatever_the_order_of_rows() -> None:
    assert draw(JUDGED, 20, seed=3).equals(draw(JUDGED.reverse(), 20, seed=3))


def test_another_seed_draws_others() -> None:
    assert not draw(JUDGED, 20, seed=3)["item_id"].equals(draw(JUDGED, 20, seed=4)["item_id"])


def test_all_are_drawn_with_certainty_where_there_are_no_more() -> None:
    drawn = draw(JUDGED, 60, seed=0)
    assert (drawn.height, drawn["inclusion"].unique().to_list()) == (60, [1.0])


def test_probabilities_are_those_of_two_independent_samples() -> None:
    drawn = draw(JUDGED, 20, seed=0)
    by_stratum = dict(drawn.group_by("stratum").agg(pl.col("inclusion").first()).iter_rows())
    assert by_stratum == pytest.approx(
        {"raised": 1 - 55 / 60 * (1 - 5 / 6), "near": 1 - 55 / 60 * (1 - 5 / 14), "far": 1 - 55 / 60 * (1 - 5 / 40)}
    )


def test_the_rows_of_a_sheet_begin_with_no_stratum() -> None:
    strata = draw(JUDGED, 40, seed=0).sort("position")["stratum"].to_list()
    assert len(set(strata[:15])) == 3


@pytest.mark.slow
def test_weighted_counts_are_unbiased_and_frequencies_are_the_probabilities() -> None:
    seeds = 80
    drawn = pl.concat([draw(JUDGED, 20, seed=seed) for seed in range(seeds)])
    weight = 1 / pl.col("inclusion")
    totals = drawn.group_by("stratum").agg(weight.sum() / seeds, weight.filter("yes").sum().alias("yes") / seeds)
    known = JUDGED.group_by("stratum").agg(pl.len().cast(pl.Float64).alias("inclusion"), pl.col("yes").sum())
    for stratum, estimated, yes in totals.iter_rows():
        [(_, size, truly_yes)] = known.filter(pl.col("stratum") == stratum).rows()
        assert estimated == pytest.approx(size, rel=0.08)
        assert yes == pytest.approx(truly_yes, rel=0.35)
    frequencies = drawn.group_by("item_id").agg((pl.len() / seeds - pl.col("inclusion").first()).abs().alias("off"))
    assert frequencies.filter(pl.col("off") > 0.2).is_empty()
