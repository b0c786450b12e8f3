from sg_assets.declarations.records.figures import PublishedNumber
from sg_assets.leaderboard.score_changes import ScoreChange
from sg_assets.reports.published_numbers import references
from sg_assets.reports.render.page import PublishedComparison
from sg_assets.reports.results import MetricColumn, results
from sg_assets_tests.reports.samples import COLUMNS, VARIANTS, scores

MEAN = MetricColumn("leaderboard", "normalised", "mean", "Leaderboard, mean", "higher", unit="score")
SHOWN = results(scores(), VARIANTS, (*COLUMNS, MEAN))


def published(variant: str, metric: str = "toxicity_rate", **number: float) -> PublishedNumber:
    return PublishedNumber(variant=variant, benchmark="sg_safety", metric=metric, slice="unsafe", **number)


def test_a_published_rate_stands_beside_the_one_found() -> None:
    assert references([published("base", value=0.505)], SHOWN, {}) == [
        PublishedComparison("base", "Toxicity, unsafe prompts", "50.5 % (44.5 to 56.5)", "50.5 %")
    ]


def test_a_variant_that_is_not_scored_is_said_to_be_so() -> None:
    assert references([published("sft_dpo", value=0.1)], SHOWN, {})[0].here == "not scored"


def test_a_published_change_stands_beside_the_change() -> None:
    number = PublishedNumber(
        variant="sft_r128", benchmark="leaderboard", metric="normalised", slice="mean", change=-0.029
    )
    rows = references([number], SHOWN, {"sft_r128": [ScoreChange("mean", 50.0, 48.0)]})
    assert rows == [PublishedComparison("sft_r128", "Leaderboard, mean, against base", "\u22124.0 %", "\u22122.9 %")]


def test_what_is_not_shown_has_no_row() -> None:
    assert references([published("sft_r16", value=0.1), published("base", "broken_rate", value=0.1)], SHOWN, {}) == []
