"""Versions with causes restored are made only where no stored version is equal."""

import shutil
from pathlib import Path

import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.lineage.causes import Kind
from sg_assets.lineage.replay.score_replay import replay
from sg_assets.store.manifests import Manifest
from sg_assets.store.store import Store
from sg_assets_tests.lineage.replay.replaying import STRICTER, adds_up, plan, replayed
from sg_assets_tests.lineage.world import World

pytestmark = pytest.mark.slow


def test_two_causes_are_told_apart_and_add_up(store: Store, before: Manifest, tmp_path: Path) -> None:
    done, make = replayed(store, before, tmp_path, thresholds=STRICTER, rank=64)
    assert [restored.causes[0].kind for restored in done.restorable] == [Kind.THRESHOLD, Kind.TRAINING]
    assert adds_up(done)
    assert all(score.rest == 0 for score in done.scores)
    # Of the four coalitions two are stored; of the others one asks the judge for its old threshold on new answers,
    # and one for its new threshold on old ones.
    assert sorted(make.made) == ["judgements/sg_safety", "judgements/sg_safety", "scores/sg_safety", "scores/sg_safety"]


def test_a_content_that_is_gone_is_made_again_where_it_is_needed(
    store: Store, before: Manifest, tmp_path: Path
) -> None:
    after = World(thresholds=STRICTER, rank=64).build(store, "after")
    for path in (store.home / "objects/responses/sg_safety").glob("*.parquet"):
        path.unlink()
    planned, make = plan(store, before, after, tmp_path)
    assert adds_up(replay(planned))
    assert "responses/sg_safety" in make.made


def test_a_source_that_is_gone_is_named(store: Store, before: Manifest, tmp_path: Path) -> None:
    after = World(thresholds=STRICTER, rank=64).build(store, "after")
    for path in (store.home / "artifacts/judges/toxicity").glob("*"):
        shutil.rmtree(path)
    planned, _ = plan(store, before, after, tmp_path)
    with pytest.raises(SgAssetsError, match=r"judges/toxicity: the content of .* is gone"):
        replay(planned)


def test_the_store_is_left_as_it_is(store: Store, before: Manifest, tmp_path: Path) -> None:
    after = World(thresholds=STRICTER, rank=64).build(store, "after")
    planned, _ = plan(store, before, after, tmp_path)
    names = sorted(path for path in store.home.rglob("*") if path.is_file())
    replay(planned)
    assert sorted(path for path in store.home.rglob("*") if path.is_file()) == names


def test_a_training_in_between_is_counted(store: Store, before: Manifest, tmp_path: Path) -> None:
    after = World(seed=1, rank=64).build(store, "after")
    planned, make = plan(store, before, after, tmp_path)
    replay(planned)
    assert planned.cost.trainings == make.made.count("adapters/sft") == 2
    assert not planned.cost.is_free
