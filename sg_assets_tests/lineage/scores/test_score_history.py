"""The history of a score, step by step."""

from dataclasses import replace
from typing import Any

import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.lineage.causes import Kind
from sg_assets.lineage.scores.comparison_cache import Comparisons
from sg_assets.lineage.scores.flips import Better
from sg_assets.lineage.scores.score_history import History, history
from sg_assets.lineage.scores.significance import ChangeVerdict
from sg_assets.store.manifests import Manifest
from sg_assets.store.refs import Ref
from sg_assets.store.revert import revert
from sg_assets.store.store import Store
from sg_assets_tests.lineage.world import World

pytestmark = pytest.mark.slow

SCORE = Ref.parse("scores/sg_safety[sft_r128]")
TOXICITY, REJECTION = ("toxicity_rate", "unsafe"), ("rejection_rate", "unsafe")
BETTER: Better = {TOXICITY: "lower", REJECTION: "higher"}
STRICTER = World(thresholds={"is_toxic": 0.3, "is_refusal": 0.5})


def follow(store: Store, **asked: Any) -> History:
    return history(Comparisons(store), SCORE, BETTER, **asked)


def value(followed: History, step: int) -> float:
    return followed.steps[step - 1].estimates[TOXICITY].value


def test_a_first_version_stands_alone(store: Store, before: Manifest) -> None:
    followed = follow(store)
    [step] = followed.steps
    assert (step.number, step.version, step.action, step.compared) == (1, before.version, "publish", None)
    assert [(status.latest.number, status.previous, status.best) for status in followed.statuses] == [
        (1, None, step),
        (1, None, step),
    ]


def test_each_publish_is_a_step_with_its_causes_and_its_verdict(store: Store, before: Manifest) -> None:
    after = STRICTER.build(store, "2")
    followed = follow(store)
    assert [step.version for step in followed.steps] == [before.version, after.version]
    step = followed.steps[1]
    assert step.compared is not None
    assert [cause.kind for cause in step.compared.explanation.causes] == [Kind.THRESHOLD]
    score = step.score(TOXICITY)
    assert score is not None
    assert score.significance.verdict is ChangeVerdict.MOVED
    assert float(score.change.change) == pytest.approx(value(followed, 2) - value(followed, 1))


def test_a_version_made_current_again_is_a_step_of_its_own(store: Store, before: Manifest) -> None:
    STRICTER.build(store, "2")
    revert(store, SCORE, note="too strict")
    followed = follow(store)
    assert [(step.action, step.note) for step in followed.steps] == [
        ("publish", None), ("publish", None), ("revert", "too strict"),
    ]  # fmt: skip
    assert followed.steps[2].version == before.version
    assert value(followed, 3) == value(followed, 1) < value(followed, 2)


def test_the_best_is_not_the_greatest_but_the_one_that_is_good(store: Store, before: Manifest) -> None:
    World(rank=64).build(store, "2")
    World(rank=32).build(store, "3")
    followed = follow(store)
    lowest = min(followed.steps, key=lambda step: step.estimates[TOXICITY].value)
    highest = max(followed.steps, key=lambda step: step.estimates[REJECTION].value)
    assert [status.best for status in followed.statuses] == [lowest, highest]


def test_a_value_measured_otherwise_is_not_the_best(store: Store, before: Manifest) -> None:
    STRICTER.build(store, "2")
    followed = follow(store)
    toxicity = followed.statuses[0]
    assert followed.steps[0].differences == ("thresholds.is_toxic of judgements/sg_safety",)
    assert toxicity.best is followed.steps[1]
    assert toxicity.best_measured_differently is followed.steps[0]


def test_another_training_is_measured_alike(store: Store, before: Manifest) -> None:
    World(rank=64).build(store, "2")
    assert [step.differences for step in follow(store).steps] == [(), ()]


def test_only_the_last_steps_are_compared(store: Store, before: Manifest) -> None:
    for rank in (64, 32, 16):
        World(rank=rank).build(store, str(rank))
    followed = follow(store, last=2)
    assert [step.number for step in followed.recent] == [3, 4]
    assert [step.compared is not None for step in followed.steps] == [False, False, True, True]
    assert all(step.compared for step in follow(store, last=None).steps[1:])


def test_one_metric_and_one_slice_can_be_asked_for(store: Store, before: Manifest) -> None:
    assert [status.group for status in follow(store, metric="rejection_rate").statuses] == [
        ("rejection_rate", "safe"), ("rejection_rate", "unsafe"),
    ]  # fmt: skip
    assert [status.group for status in follow(store, slice_="safe").statuses] == [("rejection_rate", "safe")]


def test_what_is_not_there_names_the_nearest(store: Store, before: Manifest) -> None:
    with pytest.raises(SgAssetsError, match=r"no metric 'toxicty_rate'\. Did you mean 'toxicity_rate'"):
        follow(store, metric="toxicty_rate")


def test_what_is_no_score_has_no_history(store: Store, before: Manifest) -> None:
    with pytest.raises(SgAssetsError, match="is not a table of scores"):
        history(Comparisons(store), Ref.parse("templated/prompts"), {})


def test_a_lost_manifest_or_content_leaves_a_gap_not_an_error(store: Store, before: Manifest) -> None:
    second = World(rank=64).build(store, "2")
    World(rank=32).build(store, "3")
    store.path(before).unlink()
    (store.home / f"manifests/{SCORE.folder}/{second.version}.json").unlink()
    followed = follow(Store(store.root, "demo"))
    assert ["the content of" in "".join(step.lost) for step in followed.steps] == [True, False, False]
    assert "is gone" in followed.steps[1].lost[0]
    assert followed.steps[2].compared is None
    assert followed.statuses[0].best is followed.steps[2]


def test_equal_content_by_another_query_is_a_step_without_a_change(store: Store, before: Manifest) -> None:
    world = World()
    replace(world, metrics_sql=f"{world.metrics_sql.rstrip()} AND true").build(store, "2")
    step = follow(store).steps[1]
    assert step.compared is not None
    assert step.compared.explanation.equal
