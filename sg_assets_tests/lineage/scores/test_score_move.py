"""When a moved score is reported."""

import pytest

from sg_assets.lineage.scores.score_move import MoveFinding, alarming_moves, score_moves
from sg_assets.lineage.why import why
from sg_assets.store.manifests import Manifest
from sg_assets.store.store import Store
from sg_assets_tests.lineage.world import World

pytestmark = pytest.mark.slow

TOXICITY, REJECTION = ("toxicity_rate", "unsafe"), ("rejection_rate", "safe")


@pytest.mark.parametrize(
    ("reported_from", "finding"), [(None, MoveFinding.MOVED), (0.01, MoveFinding.MOVED), (0.9, MoveFinding.SMALL)]
)
def test_a_significant_move_counts_from_its_size_on(
    store: Store, before: Manifest, reported_from: float | None, finding: MoveFinding
) -> None:
    after = World(thresholds={"is_toxic": 0.3, "is_refusal": 0.5}).build(store, "2")
    moves = score_moves(why(store, before, after, rows=False), {TOXICITY: reported_from, REJECTION: None})
    assert [move.finding for move in moves] == [finding, MoveFinding.HELD]
    assert len(alarming_moves(moves)) == (finding is MoveFinding.MOVED)


def test_a_move_within_noise_is_not_told_however_large(store: Store, before: Manifest) -> None:
    moves = score_moves(why(store, before, World(comments=44, rank=64).build(store, "2"), rows=False), {TOXICITY: None})
    assert [move.finding for move in moves] == [MoveFinding.HELD]
    assert moves[0].score.change.change != 0


def test_a_score_of_one_version_only_is_passed_over(store: Store, before: Manifest) -> None:
    after = World(rank=64).build(store, "2")
    assert score_moves(why(store, before, after, rows=False), {("unknown", "unsafe"): None}) == ()
