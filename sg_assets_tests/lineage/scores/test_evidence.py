"""The ledger of real versions: each edit moves the part it should, and the score as published."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.lineage.scores.evidence import evidence
from sg_assets.lineage.scores.ledger import LedgerPart, ScoreChange, ledger
from sg_assets.statistics.rates import estimate
from sg_assets.store.manifests import Manifest
from sg_assets.store.refs import Ref
from sg_assets.store.step import Workspace
from sg_assets.store.store import Store
from sg_assets_tests.lineage.world import JUDGE_MODULE, METRICS, World, step

pytestmark = pytest.mark.slow

TEMPLATES = dict(World().templates)


def changes(store: Store, before: Manifest, after: Manifest) -> list[ScoreChange]:
    old, new = evidence(store, before, after)
    return list(ledger(old.items, new.items))


def parts(changed_scores: list[ScoreChange], metric: str = "toxicity_rate") -> set[LedgerPart]:
    return {entry.part for change in changed_scores if change.metric == metric for entry in change.entries}


@pytest.mark.parametrize(
    ("edits", "expected"),
    [
        ({"templates": TEMPLATES | {"reply_to": "Answer: {text}"}}, {LedgerPart.PROMPT}),
        ({"comments": 50}, {LedgerPart.ADDED}),
        ({"comments": 30}, {LedgerPart.REMOVED}),
        ({"rank": 64}, {LedgerPart.ANSWER}),
        ({"judge_module": JUDGE_MODULE.replace("% 10", "% 9")}, {LedgerPart.JUDGE}),
        ({"thresholds": {"is_toxic": 0.8, "is_refusal": 0.5}}, {LedgerPart.THRESHOLD}),
        (
            {"metrics_sql": METRICS.replace("is_toxic::DOUBLE", "(is_toxic AND is_refusal)::DOUBLE / 2")},
            {LedgerPart.METRIC},
        ),
    ],
    ids=["template", "comments added", "comments removed", "rank", "judge", "threshold", "metric"],
)
def test_an_edit_moves_its_own_part(
    store: Store, before: Manifest, edits: dict[str, Any], expected: set[LedgerPart]
) -> None:
    changed_scores = changes(store, before, replace(World(), **edits).build(store, "after"))
    assert parts(changed_scores) == expected


def test_another_flag_s_threshold_moves_nothing_of_a_metric(store: Store, before: Manifest) -> None:
    after = World(thresholds={"is_toxic": 0.5, "is_refusal": 0.9}).build(store, "after")
    changed_scores = changes(store, before, after)
    assert parts(changed_scores) == set()
    assert parts(changed_scores, "rejection_rate") == {LedgerPart.THRESHOLD}


def test_the_accounted_means_are_the_published_scores(store: Store, before: Manifest) -> None:
    after = World(comments=50, rank=64).build(store, "after")
    changed_scores = changes(store, before, after)
    for version, side in ((before, "before"), (after, "after")):
        published = {
            (row["metric"], row["slice"]): row["value"] for row in pl.read_parquet(store.path(version)).to_dicts()
        }
        assert {
            (change.metric, change.slice): float(getattr(change, side)) for change in changed_scores
        } == pytest.approx(published)


def test_lost_answers_leave_a_part_that_is_not_known(store: Store, before: Manifest) -> None:
    after = World(rank=64).build(store, "after")
    for path in (store.home / "objects/responses/sg_safety").glob("*.parquet"):
        path.unlink()
    old, new = evidence(store, before, after)
    assert {entry.part for change in ledger(old.items, new.items) for entry in change.entries} == {LedgerPart.UNKNOWN}
    assert "is gone" in old.lost[0]


def test_answers_lost_on_one_side_alone_leave_a_part_that_is_not_known(store: Store, before: Manifest) -> None:
    after = World(rank=64).build(store, "after")
    current = store.location(store.required_head(Ref.parse("responses/sg_safety[sft_r128]")))
    [old_answers] = set(current.parent.glob("*.parquet")) - {current}
    old_answers.unlink()
    old, new = evidence(store, before, after)
    assert {entry.part for change in ledger(old.items, new.items) for entry in change.entries} == {LedgerPart.UNKNOWN}
    assert ("is gone: what changed inside is not known" in old.lost[0], new.lost) == (True, ())


def test_lost_values_are_an_error_that_says_so(store: Store, before: Manifest) -> None:
    after = World(rank=64).build(store, "after")
    for path in (store.home / "objects/scores/sg_safety_items").glob("*.parquet"):
        path.unlink()
    with pytest.raises(SgAssetsError, match=r"cannot be divided among items.* is gone"):
        evidence(store, before, after)


def test_a_score_without_values_item_by_item_says_so(tmp_path: Path) -> None:
    store = Store(tmp_path / "store", "demo")
    bare = World(items_table=False).build(store)
    with pytest.raises(SgAssetsError, match="No item values were published"):
        evidence(store, bare, bare)


def compared(store: Store, run_id: str, base: Sequence[str], other: Sequence[str]) -> Manifest:
    """A comparison of a variant's two answers with base's."""
    for partition, answers in (("base", base), ("sft_r128", other)):
        step(store, run_id, f"responses/small[{partition}]", partial(_answers, answers), {"answers": list(answers)})
    values = [float(answer == other_answer) for answer, other_answer in zip(base, other, strict=True)]

    def work(space: Workspace) -> None:
        items = pl.DataFrame({"metric": "similarity", "slice": "small_safe", "item_id": ["a", "b"],
                              "cluster_id": ["a", "b"], "value": values})  # fmt: skip
        space.write_table(items, "scores/divergence_items")
        space.write_table(estimate(items))

    inputs = ["responses/small[base]", "responses/small[sft_r128]"]
    return step(store, run_id, "scores/divergence[sft_r128]", work, {}, inputs, key=("metric", "slice"),
                extra_outputs={"scores/divergence_items": ("metric", "slice", "item_id")})  # fmt: skip


def _answers(answers: Sequence[str], space: Workspace) -> None:
    asked = {"item_id": ["a", "b"], "label": ["safe", "safe"], "prompt": ["p", "q"]}
    space.write_table(pl.DataFrame(asked | {"response": list(answers)}))


@pytest.mark.parametrize(("base", "other"), [("xy", "xz"), ("xz", "xy")], ids=["its own", "base's"])
def test_a_likeness_moves_by_the_answers_of_either_side(tmp_path: Path, base: str, other: str) -> None:
    store = Store(tmp_path / "store", "demo")
    before, after = compared(store, "1", "xy", "xy"), compared(store, "2", base, other)
    [change] = changes(store, before, after)
    assert [(entry.part, entry.items, entry.down) for entry in change.entries] == [(LedgerPart.ANSWER, 1, 1)]
