"""What each of several causes makes up, on real versions of the small world."""

import shutil
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.lineage.causes import Kind
from sg_assets.lineage.replay.score_replay import Prepared, Replay, prepare, replay
from sg_assets.lineage.walk import explain
from sg_assets.store.manifests import Manifest
from sg_assets.store.refs import Ref
from sg_assets.store.scratch import ScratchStore
from sg_assets.store.store import Store
from sg_assets_tests.lineage.remaking import Remake
from sg_assets_tests.lineage.world import JUDGE_MODULE, METRICS, PROMPTS, World

REWORDED = dict(World().templates) | {"reply_to": "Answer: {text}"}
STRICTER = {"is_toxic": 0.3, "is_refusal": 0.5}


def prepared(store: Store, before: Manifest, after: Manifest, tmp_path: Path) -> tuple[Prepared, Remake]:
    scratch = ScratchStore(tmp_path / "scratch", store)
    make = Remake(scratch)
    return prepare(scratch, before, after, explain(store, before, after), make), make


def replayed(store: Store, before: Manifest, tmp_path: Path, **edits: Any) -> tuple[Replay, Remake]:
    after = replace(World(), **edits).build(store, "after")
    found, make = prepared(store, before, after, tmp_path)
    return replay(found), make


def adds_up(found: Replay) -> bool:
    return all(
        sum((share.change for share in one.shared.shares), start=Fraction(0)) + one.rest + one.shared.unshared
        == one.after - one.before
        for one in found.scores
    )


@pytest.mark.parametrize(
    "edits",
    [
        {"templates": REWORDED},
        {"templates": dict(World().templates) | {"joke": "Joke about {text}"}},
        {"thresholds": STRICTER},
        {"comments": 50},
        {"rank": 64},
        {"seed": 1},
        {"prompts_sql": PROMPTS + "WHERE c.label = 'unsafe' OR length(c.text) > 9"},
        {"metrics_sql": METRICS.replace("AND label = 'unsafe'", "AND label = 'unsafe' AND item_id > 't0005'")},
        {"parent": "sft_r8"},
    ],
    ids=["template", "new template", "threshold", "comments", "rank", "seed", "SQL", "metric", "parent"],
)
def test_one_cause_put_back_gives_the_version_before_without_making_anything(
    store: Store, before: Manifest, tmp_path: Path, edits: dict[str, Any]
) -> None:
    found, make = replayed(store, before, tmp_path, **edits)
    assert len(found.players) == 1
    assert found.left == ()
    assert all(one.rest == 0 for one in found.scores)
    assert all(one.shared.shares[0].change == one.after - one.before for one in found.scores)
    assert make.made == []


def test_two_causes_are_told_apart_and_add_up(store: Store, before: Manifest, tmp_path: Path) -> None:
    found, make = replayed(store, before, tmp_path, thresholds=STRICTER, rank=64)
    assert [player.causes[0].kind for player in found.players] == [Kind.THRESHOLD, Kind.TRAINING]
    assert adds_up(found)
    assert all(one.rest == 0 for one in found.scores)
    # Of the four coalitions two are stored; of the others one asks the judge for its old threshold on new answers,
    # and one for its new threshold on old ones.
    assert sorted(make.made) == ["judgements/sg_safety", "judgements/sg_safety", "scores/sg_safety", "scores/sg_safety"]


def test_all_five_edits_add_up(store: Store, before: Manifest, tmp_path: Path) -> None:
    found, _ = replayed(store, before, tmp_path, thresholds=STRICTER, rank=64, seed=1, templates=REWORDED, comments=52)
    assert (len(found.players), found.coalitions, found.exact) == (5, 32, True)
    assert adds_up(found)
    assert all(one.rest == one.shared.unshared == 0 for one in found.scores)
    [toxicity] = [one for one in found.scores if one.metric == "toxicity_rate"]
    assert all(share.low is not None for share in toxicity.shared.shares)


def test_more_causes_are_put_back_one_at_a_time_and_the_interaction_is_told(
    store: Store, before: Manifest, tmp_path: Path
) -> None:
    edits = {"thresholds": STRICTER, "rank": 64, "seed": 1, "templates": REWORDED, "comments": 52, "max_new_tokens": 24}
    found, _ = replayed(store, before, tmp_path, **edits)
    assert (len(found.players), found.coalitions, found.exact) == (6, 14, False)
    assert adds_up(found)


def test_a_library_cannot_be_put_back_and_is_the_rest(store: Store, before: Manifest, tmp_path: Path) -> None:
    found, _ = replayed(store, before, tmp_path, torch="2.14.0", thresholds=STRICTER)
    assert [cause.kind for cause in found.left] == [Kind.LIBRARY]
    assert [player.causes[0].kind for player in found.players] == [Kind.THRESHOLD]
    assert adds_up(found)
    assert any(one.rest for one in found.scores)


def test_only_what_cannot_be_put_back_is_an_error_that_names_it(store: Store, before: Manifest, tmp_path: Path) -> None:
    after = World(judge_module=JUDGE_MODULE.replace("% 10", "% 9")).build(store, "after")
    with pytest.raises(SgAssetsError, match=r"no cause can be put back here.*code sg_assets\.judging\.linear"):
        prepared(store, before, after, tmp_path)


def test_equal_versions_and_what_is_no_score_are_refused(store: Store, before: Manifest, tmp_path: Path) -> None:
    prompts = Ref.parse("templated/prompts")
    old = store.required_head(prompts)
    World(comments=50).build(store, "after")
    for pair in ((before, before), (old, store.required_head(prompts))):
        with pytest.raises(SgAssetsError, match="there is nothing to replay"):
            prepared(store, *pair, tmp_path)


def test_what_it_takes_is_known_before_anything_is_made(store: Store, before: Manifest, tmp_path: Path) -> None:
    after = World(thresholds=STRICTER, rank=64).build(store, "after")
    found, make = prepared(store, before, after, tmp_path)
    assert (found.cost.coalitions, found.cost.versions, found.cost.trainings) == (4, 4, 0)
    assert found.cost.is_free
    assert make.made == []
    replay(found)
    assert len(make.made) <= found.cost.versions


def test_a_training_in_between_is_counted(store: Store, before: Manifest, tmp_path: Path) -> None:
    after = World(seed=1, rank=64).build(store, "after")
    found, make = prepared(store, before, after, tmp_path)
    replay(found)
    assert found.cost.trainings == make.made.count("adapters/sft") == 2
    assert not found.cost.is_free


def test_the_store_is_left_as_it_is(store: Store, before: Manifest, tmp_path: Path) -> None:
    after = World(thresholds=STRICTER, rank=64).build(store, "after")
    found, _ = prepared(store, before, after, tmp_path)
    names = sorted(path for path in store.home.rglob("*") if path.is_file())
    replay(found)
    assert sorted(path for path in store.home.rglob("*") if path.is_file()) == names


def test_lost_values_of_a_version_are_an_error_that_says_so(store: Store, before: Manifest, tmp_path: Path) -> None:
    after = World(thresholds=STRICTER).build(store, "after")
    for path in (store.home / "objects/scores/sg_safety_items").glob("*.parquet"):
        path.unlink()
    found, _ = prepared(store, before, after, tmp_path)
    with pytest.raises(SgAssetsError, match="they are gone"):
        replay(found)


def test_a_content_that_is_gone_is_made_again_where_it_is_needed(
    store: Store, before: Manifest, tmp_path: Path
) -> None:
    after = World(thresholds=STRICTER, rank=64).build(store, "after")
    for path in (store.home / "objects/responses/sg_safety").glob("*.parquet"):
        path.unlink()
    found, make = prepared(store, before, after, tmp_path)
    assert adds_up(replay(found))
    assert "responses/sg_safety" in make.made


def test_a_source_that_is_gone_is_named(store: Store, before: Manifest, tmp_path: Path) -> None:
    after = World(thresholds=STRICTER, rank=64).build(store, "after")
    for path in (store.home / "artifacts/judges/toxicity").glob("*"):
        shutil.rmtree(path)
    found, _ = prepared(store, before, after, tmp_path)
    with pytest.raises(SgAssetsError, match=r"judges/toxicity: the content of .* is gone"):
        replay(found)


def test_a_lost_manifest_on_the_way_is_an_error_that_names_it(store: Store, before: Manifest, tmp_path: Path) -> None:
    after = World(thresholds=STRICTER, rank=64).build(store, "after")
    for path in (store.home / "manifests/adapters/sft/sft_r128").glob("*.json"):
        path.unlink()
    with pytest.raises(SgAssetsError, match=r"adapters/sft\[sft_r128\] has no version"):
        prepared(Store(store.root, "demo"), before, after, tmp_path)
