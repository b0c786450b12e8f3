"""The items whose value moved, the worst first."""

import pytest

from sg_assets.lineage.scores.ledger import LedgerPart
from sg_assets.lineage.why import why
from sg_assets.store.manifests import Manifest
from sg_assets.store.store import Store
from sg_assets_tests.lineage.world import World

pytestmark = pytest.mark.slow

STRICTER = World(thresholds={"is_toxic": 0.3, "is_refusal": 0.5})


@pytest.fixture
def stricter(store: Store) -> Manifest:
    return STRICTER.build(store, "after")


def test_moved_items_are_shown_the_worst_first_without_texts(
    store: Store, before: Manifest, stricter: Manifest
) -> None:
    [toxicity] = [score for score in why(store, before, stricter).whole if score.change.metric == "toxicity_rate"]
    assert len(toxicity.flips) == 10
    for flip in toxicity.flips:
        assert (flip.part, flip.before, flip.after, flip.worse) == (LedgerPart.THRESHOLD, 0.0, 1.0, True)
        assert 0.3 <= float(flip.score_after) < 0.5
        assert flip.texts is None


def test_which_way_is_good_may_be_declared(store: Store, before: Manifest, stricter: Manifest) -> None:
    comparison = why(store, before, stricter, better={("toxicity_rate", "unsafe"): "higher"})
    [toxicity] = [score for score in comparison.whole if score.change.metric == "toxicity_rate"]
    assert {flip.worse for flip in toxicity.flips} == {False}


def test_an_item_that_got_worse_comes_before_those_that_got_better(store: Store, before: Manifest) -> None:
    after = World(rank=64, comments=200).build(store, "after")
    again = World(rank=32, comments=200).build(store, "again")
    shown = [[flip.worse for flip in score.flips] for score in why(store, after, again).whole]
    assert all(worse == sorted(worse, reverse=True) for worse in shown)
    assert any(len(set(worse)) == 2 for worse in shown)


def test_texts_are_shown_on_request(store: Store, before: Manifest) -> None:
    after = World(rank=64).build(store, "after")
    comparison = why(store, before, after, with_text=True)
    texts = [flip.texts for score in comparison.whole for flip in score.flips]
    assert texts
    for text in texts:
        assert text is not None
        assert text.prompt_before == text.prompt_after
        assert text.response_before != text.response_after
