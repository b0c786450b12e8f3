"""When a moved score is told."""

import pytest

from sg_assets.lineage.scores.score_move import Finding, alarming, moves
from sg_assets.lineage.why import why
from sg_assets.store.manifests import Manifest
from sg_assets.store.store import Store
from sg_assets_tests.lineage.world import World

TOXICITY, REJECTION = ("toxicity_rate", "unsafe"), ("rejection_rate", "safe")


@pytest.mark.parametrize(("told_from", "finding"), [(None, Finding.MOVED), (0.01, Finding.MOVED), (0.9, Finding.SMALL)])
def test_a_significant_move_counts_from_its_size_on(
    store: Store, before: Manifest, told_from: float | None, finding: Finding
) -> None:
    after = World(thresholds={"is_toxic": 0.3, "is_refusal": 0.5}).build(store, "2")
    found = moves(why(store, before, after, rows=False), {TOXICITY: told_from, REJECTION: None})
    assert [one.finding for one in found] == [finding, Finding.HELD]
    assert len(alarming(found)) == (finding is Finding.MOVED)


def test_a_move_within_noise_is_not_told_however_large(store: Store, before: Manifest) -> None:
    found = moves(why(store, before, World(comments=44, rank=64).build(store, "2"), rows=False), {TOXICITY: None})
    assert [one.finding for one in found] == [Finding.HELD]
    assert found[0].score.change.change != 0


def test_a_score_of_one_version_only_is_passed_over(store: Store, before: Manifest) -> None:
    after = World(rank=64).build(store, "2")
    assert moves(why(store, before, after, rows=False), {("unknown", "unsafe"): None}) == ()
