"""Names of scores agree with the assets and metrics that they are of."""

from sg_assets.declarations import asset_names, score_names
from sg_assets.declarations.kinds.benchmarks import JUDGEMENTS, RESPONSES, SCORE_ITEMS, SCORES
from sg_assets.declarations.kinds.registry import KINDS
from sg_assets.embedding.divergence import METRIC
from sg_assets.leaderboard.items import RAW


def test_all_built_in_scores_and_reports_are_taken() -> None:
    fixed = {kind.pattern for kind in KINDS if kind.schema in {"scores", "reports"} and "*" not in kind.pattern}
    tables = {name.partition("/")[2] for name in {*fixed, asset_names.RESULTS}}
    assert {name for name in tables if not name.endswith(score_names.ITEMS)} <= score_names.BUILT_IN
    assert {METRIC, RAW} <= score_names.BUILT_IN


def test_the_assets_of_a_benchmark_are_of_its_kinds() -> None:
    kinds = (RESPONSES, JUDGEMENTS, SCORES, SCORE_ITEMS)
    assert score_names.assets_of_benchmark("x") == tuple(kind.of("x") for kind in kinds)
    assert score_names.ITEMS == asset_names.ITEMS
