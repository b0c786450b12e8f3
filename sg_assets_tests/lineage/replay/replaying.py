"""Replays of edits of the small world."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from sg_assets.lineage.replay.score_replay import Replay, ReplayPlan, plan_replay, replay
from sg_assets.lineage.walk import explain
from sg_assets.store.manifests import Manifest
from sg_assets.store.scratch import ScratchStore
from sg_assets.store.store import Store
from sg_assets_tests.lineage.remaking import Remake
from sg_assets_tests.lineage.world import World

REWORDED = dict(World().templates) | {"reply_to": "Answer: {text}"}
STRICTER = {"is_toxic": 0.3, "is_refusal": 0.5}


def plan(store: Store, before: Manifest, after: Manifest, tmp_path: Path) -> tuple[ReplayPlan, Remake]:
    scratch = ScratchStore(tmp_path / "scratch", store)
    make = Remake(scratch)
    return plan_replay(scratch, before, after, explain(store, before, after), make), make


def replayed(store: Store, before: Manifest, tmp_path: Path, **edits: Any) -> tuple[Replay, Remake]:
    after = replace(World(), **edits).build(store, "after")
    planned, make = plan(store, before, after, tmp_path)
    return replay(planned), make


def adds_up(done: Replay) -> bool:
    return all(
        sum((share.change for share in score.shared.shares), start=Fraction(0)) + score.rest + score.shared.unshared
        == score.after - score.before
        for score in done.scores
    )
