"""Which scores reports show, and which direction of each is better."""

from sg_assets.declarations import load_declarations
from sg_assets.orchestration.headline_scores import HeadlineScore, directions, headline_scores
from sg_assets_tests.paths import PROJECT


def test_a_benchmark_s_headline_scores_are_those_it_shows() -> None:
    declared = load_declarations(PROJECT, "demo")
    shown = declared.benchmarks["toxigen"].shown
    assert shown
    assert headline_scores(declared, "toxigen") == tuple(
        HeadlineScore(score.metric, score.slice, score.better, score.moved_by) for score in shown
    )


def test_leaderboard_and_divergence_have_a_good_way() -> None:
    declared = load_declarations(PROJECT, "demo")
    assert {score.metric for score in headline_scores(declared, "leaderboard")} == {"raw"}
    assert directions(declared, "leaderboard")["normalised", "mean"] == "higher"
    assert directions(declared, "divergence") == {
        ("similarity", f"{name}_{label}"): "higher"
        for name, benchmark in declared.benchmarks.items() if benchmark.divergence
        for label in benchmark.divergence.shown
    }  # fmt: skip
    assert headline_scores(declared, "unknown") == ()
