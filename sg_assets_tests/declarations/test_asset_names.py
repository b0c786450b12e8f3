"""Names of assets that follow from others."""

import pytest

from sg_assets.declarations.asset_names import is_score_of_variants, items_of
from sg_assets.declarations.loading import Declarations


def test_values_item_by_item_have_a_table_named_for_their_score() -> None:
    assert items_of("scores/sg_safety") == "scores/sg_safety_items"


@pytest.mark.parametrize(
    ("asset", "expected"),
    [
        ("scores/toxigen", True), ("scores/leaderboard", True), ("scores/divergence", True),
        ("scores/toxigen_items", False), ("scores/objectives", False), ("scores/none_such", False),
    ],
)  # fmt: skip
def test_scores_are_those_of_a_declared_benchmark_the_leaderboard_and_the_similarity(
    declared: Declarations, asset: str, expected: bool
) -> None:
    assert is_score_of_variants(asset, declared) is expected
