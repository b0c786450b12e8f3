"""Comparisons are made once."""

from sg_assets.lineage.scores.comparison_cache import Comparisons
from sg_assets.lineage.scores.score_history import history
from sg_assets.store.manifests import Manifest
from sg_assets.store.refs import Ref
from sg_assets.store.store import Store
from sg_assets_tests.lineage.world import World

SCORE = Ref.parse("scores/sg_safety[sft_r128]")


STRICTER = World(thresholds={"is_toxic": 0.3, "is_refusal": 0.5})


def test_a_pair_is_compared_once(store: Store, before: Manifest) -> None:
    after = STRICTER.build(store, "2")
    comparisons = Comparisons(store)
    first = comparisons.between(before, after)
    assert history(comparisons, SCORE, {}).steps[1].compared is first
