"""A programme's month: one edit after the other on one store, each explained on the day it was published."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from sg_assets.lineage.causes import Kind
from sg_assets.lineage.replay.score_replay import prepare, replay
from sg_assets.lineage.scores.ledger import Part
from sg_assets.lineage.scores.significance import Verdict
from sg_assets.lineage.version_pair import choose
from sg_assets.lineage.walk import explain
from sg_assets.lineage.why import Why, why
from sg_assets.store.refs import Ref
from sg_assets.store.scratch import ScratchStore
from sg_assets.store.store import Store
from sg_assets_tests.lineage.remaking import Remake
from sg_assets_tests.lineage.world import JUDGE_MODULE, PROMPTS, World

SCORE = Ref.parse("scores/sg_safety[sft_r128]")
REWORDED = dict(World().templates) | {"reply_to": "Answer: {text}"}
EDITS: tuple[tuple[dict[str, Any], Kind, str, str, Part], ...] = (
    ({"templates": REWORDED}, Kind.TEMPLATE, "templated/templates", "reply_to", Part.PROMPT),
    ({"thresholds": {"is_toxic": 0.3, "is_refusal": 0.5}}, Kind.THRESHOLD, "judgements/sg_safety[sft_r128]",
     "thresholds.is_toxic", Part.THRESHOLD),
    ({"comments": 90}, Kind.ROWS, "raw/forum_comments", "forum.jsonl", Part.ADDED),
    ({"rank": 64}, Kind.TRAINING, "adapters/sft[sft_r128]", "rank", Part.ANSWER),
    ({"torch": "2.14.0"}, Kind.LIBRARY, "adapters/sft[sft_r128]", "torch", Part.ANSWER),
    ({"seed": 1}, Kind.SEED, "models/chat[base]", "seed", Part.ANSWER),
)  # fmt: skip
TWINS: tuple[dict[str, Any], ...] = (
    {"prompts_sql": f"-- every text in every template\n{PROMPTS}"},
    {"prompts_sql": f"{PROMPTS} WHERE true"},
    {"rewritten": 1},
    {"judge_module": JUDGE_MODULE.replace("by its words", "by its letters")},
    {},
)


def last_change(store: Store) -> Why:
    return why(store, *choose(store, SCORE), rows=False)


def moved(found: Why) -> set[Part]:
    return {entry.part for one in found.whole for entry in one.change.entries if entry.change}


def test_each_edit_is_named_on_its_day_and_moves_its_own_part(store: Store) -> None:
    world = World()
    for day, (edit, kind, place, name, part) in enumerate(EDITS):
        world = replace(world, **edit)
        world.build(store, f"day {day}")
        found = last_change(store)
        [cause] = found.explanation.causes
        assert (cause.kind, cause.places[0], cause.name) == (kind, place, name)
        assert moved(found) == {part}


def test_edits_that_change_nothing_name_nothing(store: Store) -> None:
    world, before = World(), store.required_head(SCORE)
    for day, edit in enumerate(TWINS):
        world = replace(world, **edit)
        after = world.build(store, f"day {day}")
        assert why(store, before, after).explanation.causes == ()


def test_the_whole_month_is_explained_at_once(store: Store) -> None:
    before = store.required_head(SCORE)
    world = replace(World(), **{name: value for edit, *_ in EDITS for name, value in edit.items()})
    found = why(store, before, world.build(store, "month"))
    assert {cause.kind for cause in found.explanation.causes} == {kind for _, kind, *_ in EDITS}
    for one in found.whole:
        assert sum(entry.change for entry in one.change.entries) == one.change.change
        assert one.significance.verdict is not Verdict.MOVED


def test_together_the_replayed_shares_and_the_rest_add_up_to_the_change(store: Store, tmp_path: Path) -> None:
    before = store.required_head(SCORE)
    world = replace(World(), **{name: value for edit, *_ in EDITS for name, value in edit.items()})
    after = world.build(store, "month")
    scratch = ScratchStore(tmp_path / "scratch", store)
    found = replay(prepare(scratch, before, after, explain(store, before, after), Remake(scratch)))
    assert {cause.kind for player in found.players for cause in player.causes} == {kind for _, kind, *_ in EDITS} - {
        Kind.LIBRARY
    }
    assert [cause.kind for cause in found.left] == [Kind.LIBRARY]
    for one in found.scores:
        shares = sum((share.change for share in one.shared.shares), start=Fraction(0))
        assert shares + one.rest == one.after - one.before


def test_each_edit_of_the_month_replayed_on_its_day_is_the_whole_change(store: Store, tmp_path: Path) -> None:
    world = World()
    for day, (edit, kind, *_) in enumerate(EDITS):
        world, before = replace(world, **edit), store.required_head(SCORE)
        after = world.build(store, f"day {day}")
        if kind is Kind.LIBRARY:
            continue  # cannot be put back
        scratch = ScratchStore(tmp_path / f"scratch {day}", store)
        found = replay(prepare(scratch, before, after, explain(store, before, after), Remake(scratch)))
        assert [one.shared.shares[0].change for one in found.scores] == [one.after - one.before for one in found.scores]
