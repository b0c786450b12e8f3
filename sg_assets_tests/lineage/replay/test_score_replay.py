"""Replays of real versions of the small world."""

from pathlib import Path

import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.lineage.replay.score_replay import replay
from sg_assets.store.manifests import Manifest
from sg_assets.store.refs import Ref
from sg_assets.store.store import Store
from sg_assets_tests.lineage.replay.replaying import REWORDED, STRICTER, adds_up, plan, replayed
from sg_assets_tests.lineage.world import World

pytestmark = pytest.mark.slow


def test_all_five_edits_add_up(store: Store, before: Manifest, tmp_path: Path) -> None:
    done, _ = replayed(store, before, tmp_path, thresholds=STRICTER, rank=64, seed=1, templates=REWORDED, comments=52)
    assert (len(done.restorable), done.coalitions, done.exact) == (5, 32, True)
    assert adds_up(done)
    assert all(score.rest == score.shared.unshared == 0 for score in done.scores)
    [toxicity] = [score for score in done.scores if score.metric == "toxicity_rate"]
    assert all(share.low is not None for share in toxicity.shared.shares)


def test_more_causes_are_put_back_one_at_a_time_and_the_interaction_is_told(
    store: Store, before: Manifest, tmp_path: Path
) -> None:
    edits = {"thresholds": STRICTER, "rank": 64, "seed": 1, "templates": REWORDED, "comments": 52, "max_new_tokens": 24}
    done, _ = replayed(store, before, tmp_path, **edits)
    assert (len(done.restorable), done.coalitions, done.exact) == (6, 14, False)
    assert adds_up(done)


def test_equal_versions_and_what_is_no_score_are_refused(store: Store, before: Manifest, tmp_path: Path) -> None:
    prompts = Ref.parse("templated/prompts")
    old = store.required_head(prompts)
    World(comments=50).build(store, "after")
    for pair in ((before, before), (old, store.required_head(prompts))):
        with pytest.raises(SgAssetsError, match="no change to replay"):
            plan(store, *pair, tmp_path)


def test_what_it_takes_is_known_before_anything_is_made(store: Store, before: Manifest, tmp_path: Path) -> None:
    after = World(thresholds=STRICTER, rank=64).build(store, "after")
    planned, make = plan(store, before, after, tmp_path)
    assert (planned.cost.coalitions, planned.cost.versions, planned.cost.trainings) == (4, 4, 0)
    assert planned.cost.is_free
    assert make.made == []
    replay(planned)
    assert len(make.made) <= planned.cost.versions


def test_lost_values_of_a_version_are_an_error_that_says_so(store: Store, before: Manifest, tmp_path: Path) -> None:
    after = World(thresholds=STRICTER).build(store, "after")
    for path in (store.home / "objects/scores/sg_safety_items").glob("*.parquet"):
        path.unlink()
    planned, _ = plan(store, before, after, tmp_path)
    with pytest.raises(SgAssetsError, match=r"Of its item values, the content of .* is gone"):
        replay(planned)


def test_a_lost_manifest_on_the_way_is_an_error_that_names_it(store: Store, before: Manifest, tmp_path: Path) -> None:
    after = World(thresholds=STRICTER, rank=64).build(store, "after")
    for path in (store.home / "manifests/adapters/sft/sft_r128").glob("*.json"):
        path.unlink()
    with pytest.raises(SgAssetsError, match=r"the record of adapters/sft\[sft_r128\] .* is gone"):
        plan(Store(store.root, "demo"), before, after, tmp_path)
