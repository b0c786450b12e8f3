"""A month of edits on one store, each explained on the day it was published."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from sg_assets.lineage.causes import Kind
from sg_assets.lineage.replay.score_replay import plan_replay, replay
from sg_assets.lineage.scores.ledger import LedgerPart
from sg_assets.lineage.scores.significance import ChangeVerdict
from sg_assets.lineage.version_pair import version_pair
from sg_assets.lineage.walk import explain
from sg_assets.lineage.why import Why, why
from sg_assets.store.refs import Ref
from sg_assets.store.scratch import ScratchStore
from sg_assets.store.store import Store
from sg_assets_tests.lineage.remaking import Remake
from sg_assets_tests.lineage.world import JUDGE_MODULE, PROMPTS, World

pytestmark = pytest.mark.slow

SCORE = Ref.parse("scores/sg_safety[sft_r128]")
REWORDED = dict(World().templates) | {"reply_to": "Answer: {text}"}
EDITS: tuple[tuple[dict[str, Any], Kind, str, str, LedgerPart], ...] = (
    ({"templates": REWORDED}, Kind.TEMPLATE, "templated/templates", "reply_to", LedgerPart.PROMPT),
    ({"thresholds": {"is_toxic": 0.3, "is_refusal": 0.5}}, Kind.THRESHOLD, "judgements/sg_safety[sft_r128]",
     "thresholds.is_toxic", LedgerPart.THRESHOLD),
    ({"comments": 90}, Kind.ROWS, "raw/forum_comments", "forum.jsonl", LedgerPart.ADDED),
    ({"rank": 64}, Kind.TRAINING, "adapters/sft[sft_r128]", "rank", LedgerPart.ANSWER),
    ({"torch": "2.14.0"}, Kind.LIBRARY, "adapters/sft[sft_r128]", "torch", LedgerPart.ANSWER),
    ({"seed": 1}, Kind.SEED, "models/chat[base]", "seed", LedgerPart.ANSWER),
)  # fmt: skip
TWINS: tuple[dict[str, Any], ...] = (
    {"prompts_sql": f"-- every text in every template\n{PROMPTS}"},
    {"prompts_sql": f"{PROMPTS} WHERE true"},
    {"rewritten": 1},
    {"judge_module": JUDGE_MODULE.replace("by its words", "by its letters")},
    {},
)


def last_change(store: Store) -> Why:
    return why(store, *version_pair(store, SCORE), rows=False)


def moved(comparison: Why) -> set[LedgerPart]:
    return {entry.part for score in comparison.whole for entry in score.change.entries if entry.change}


def test_each_edit_is_named_on_its_day_and_moves_its_own_part(store: Store) -> None:
    world = World()
    for day, (edit, kind, partition, name, part) in enumerate(EDITS):
        world = replace(world, **edit)
        world.build(store, f"day {day}")
        comparison = last_change(store)
        [cause] = comparison.explanation.causes
        assert (cause.kind, cause.places[0], cause.name) == (kind, partition, name)
        assert moved(comparison) == {part}


def test_edits_that_change_nothing_name_nothing(store: Store) -> None:
    world, before = World(), store.required_head(SCORE)
    for day, edit in enumerate(TWINS):
        world = replace(world, **edit)
        after = world.build(store, f"day {day}")
        assert why(store, before, after).explanation.causes == ()


def test_the_whole_month_is_explained_at_once(store: Store) -> None:
    before = store.required_head(SCORE)
    world = replace(World(), **{name: value for edit, *_ in EDITS for name, value in edit.items()})
    comparison = why(store, before, world.build(store, "month"))
    assert {cause.kind for cause in comparison.explanation.causes} == {kind for _, kind, *_ in EDITS}
    for score in comparison.whole:
        assert sum(entry.change for entry in score.change.entries) == score.change.change
        assert score.significance.verdict is not ChangeVerdict.MOVED


def test_together_the_replayed_shares_and_the_rest_add_up_to_the_change(store: Store, tmp_path: Path) -> None:
    before = store.required_head(SCORE)
    world = replace(World(), **{name: value for edit, *_ in EDITS for name, value in edit.items()})
    after = world.build(store, "month")
    scratch = ScratchStore(tmp_path / "scratch", store)
    replayed = replay(plan_replay(scratch, before, after, explain(store, before, after), Remake(scratch)))
    assert {cause.kind for restored in replayed.restorable for cause in restored.causes} == {
        kind for _, kind, *_ in EDITS
    } - {Kind.LIBRARY}
    assert [cause.kind for cause in replayed.not_restorable] == [Kind.LIBRARY]
    for score in replayed.scores:
        shares = sum((share.change for share in score.shared.shares), start=Fraction(0))
        assert shares + score.rest == score.after - score.before


def test_each_edit_of_the_month_replayed_on_its_day_is_the_whole_change(store: Store, tmp_path: Path) -> None:
    world = World()
    for day, (edit, kind, *_) in enumerate(EDITS):
        world, before = replace(world, **edit), store.required_head(SCORE)
        after = world.build(store, f"day {day}")
        if kind is Kind.LIBRARY:
            continue  # cannot be restored
        scratch = ScratchStore(tmp_path / f"scratch {day}", store)
        replayed = replay(plan_replay(scratch, before, after, explain(store, before, after), Remake(scratch)))
        assert [score.shared.shares[0].change for score in replayed.scores] == [
            score.after - score.before for score in replayed.scores
        ]
