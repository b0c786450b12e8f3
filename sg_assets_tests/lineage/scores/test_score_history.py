"""What became of a score, step by step."""

from dataclasses import replace
from typing import Any

import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.lineage.causes import Kind
from sg_assets.lineage.scores.comparison_cache import Comparisons
from sg_assets.lineage.scores.flips import Better
from sg_assets.lineage.scores.score_history import History, history
from sg_assets.lineage.scores.significance import Verdict
from sg_assets.store.manifests import Manifest
from sg_assets.store.refs import Ref
from sg_assets.store.revert import revert
from sg_assets.store.store import Store
from sg_assets_tests.lineage.world import World

SCORE = Ref.parse("scores/sg_safety[sft_r128]")
TOXICITY, REJECTION = ("toxicity_rate", "unsafe"), ("rejection_rate", "unsafe")
BETTER: Better = {TOXICITY: "lower", REJECTION: "higher"}
STRICTER = World(thresholds={"is_toxic": 0.3, "is_refusal": 0.5})


def follow(store: Store, **asked: Any) -> History:
    return history(Comparisons(store), SCORE, BETTER, **asked)


def value(found: History, step: int) -> float:
    return found.steps[step - 1].estimates[TOXICITY].value


def test_a_first_version_stands_alone(store: Store, before: Manifest) -> None:
    found = follow(store)
    [step] = found.steps
    assert (step.number, step.version, step.action, step.compared) == (1, before.version, "publish", None)
    assert [(one.latest.number, one.previous, one.best) for one in found.standings] == [
        (1, None, step),
        (1, None, step),
    ]


def test_each_publish_is_a_step_with_its_causes_and_its_verdict(store: Store, before: Manifest) -> None:
    after = STRICTER.build(store, "2")
    found = follow(store)
    assert [one.version for one in found.steps] == [before.version, after.version]
    step = found.steps[1]
    assert step.compared is not None
    assert [cause.kind for cause in step.compared.explanation.causes] == [Kind.THRESHOLD]
    score = step.score(TOXICITY)
    assert score is not None
    assert score.significance.verdict is Verdict.MOVED
    assert float(score.change.change) == pytest.approx(value(found, 2) - value(found, 1))


def test_a_version_made_current_again_is_a_step_of_its_own(store: Store, before: Manifest) -> None:
    STRICTER.build(store, "2")
    revert(store, SCORE, note="too strict")
    found = follow(store)
    assert [(one.action, one.note) for one in found.steps] == [
        ("publish", None), ("publish", None), ("revert", "too strict"),
    ]  # fmt: skip
    assert found.steps[2].version == before.version
    assert value(found, 3) == value(found, 1) < value(found, 2)


def test_the_best_is_not_the_greatest_but_the_one_that_is_good(store: Store, before: Manifest) -> None:
    World(rank=64).build(store, "2")
    World(rank=32).build(store, "3")
    found = follow(store)
    lowest = min(found.steps, key=lambda one: one.estimates[TOXICITY].value)
    highest = max(found.steps, key=lambda one: one.estimates[REJECTION].value)
    assert [one.best for one in found.standings] == [lowest, highest]


def test_a_value_measured_otherwise_is_not_the_best(store: Store, before: Manifest) -> None:
    STRICTER.build(store, "2")
    found = follow(store)
    toxicity = found.standings[0]
    assert found.steps[0].otherwise == ("thresholds.is_toxic of judgements/sg_safety",)
    assert toxicity.best is found.steps[1]
    assert toxicity.best_otherwise is found.steps[0]


def test_another_training_is_measured_alike(store: Store, before: Manifest) -> None:
    World(rank=64).build(store, "2")
    assert [one.otherwise for one in follow(store).steps] == [(), ()]


def test_only_the_last_steps_are_compared(store: Store, before: Manifest) -> None:
    for rank in (64, 32, 16):
        World(rank=rank).build(store, str(rank))
    found = follow(store, last=2)
    assert [one.number for one in found.recent] == [3, 4]
    assert [one.compared is not None for one in found.steps] == [False, False, True, True]
    assert all(one.compared for one in follow(store, last=None).steps[1:])


def test_a_pair_is_compared_once(store: Store, before: Manifest) -> None:
    after = STRICTER.build(store, "2")
    comparisons = Comparisons(store)
    first = comparisons.between(before, after)
    assert history(comparisons, SCORE, BETTER).steps[1].compared is first


def test_one_metric_and_one_slice_can_be_asked_for(store: Store, before: Manifest) -> None:
    assert [one.group for one in follow(store, metric="rejection_rate").standings] == [
        ("rejection_rate", "safe"), ("rejection_rate", "unsafe"),
    ]  # fmt: skip
    assert [one.group for one in follow(store, slice_="safe").standings] == [("rejection_rate", "safe")]


def test_what_is_not_there_names_the_nearest(store: Store, before: Manifest) -> None:
    with pytest.raises(SgAssetsError, match=r"no metric 'toxicty_rate'\. Did you mean 'toxicity_rate'"):
        follow(store, metric="toxicty_rate")


def test_what_is_no_score_has_no_history(store: Store, before: Manifest) -> None:
    with pytest.raises(SgAssetsError, match="is no table of scores"):
        history(Comparisons(store), Ref.parse("templated/prompts"), {})


def test_a_lost_manifest_or_content_leaves_a_gap_not_an_error(store: Store, before: Manifest) -> None:
    second = World(rank=64).build(store, "2")
    World(rank=32).build(store, "3")
    store.path(before).unlink()
    (store.home / f"manifests/{SCORE.folder}/{second.version}.json").unlink()
    found = follow(Store(store.root, "demo"))
    assert ["is gone" in "".join(one.lost) for one in found.steps] == [True, False, False]
    assert "no version" in found.steps[1].lost[0]
    assert found.steps[2].compared is None
    assert found.standings[0].best is found.steps[2]


def test_equal_content_by_another_query_is_a_step_without_a_change(store: Store, before: Manifest) -> None:
    world = World()
    replace(world, metrics_sql=f"{world.metrics_sql.rstrip()} AND true").build(store, "2")
    step = follow(store).steps[1]
    assert step.compared is not None
    assert step.compared.explanation.equal
