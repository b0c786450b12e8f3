"""A comparison to show, with every kind of section."""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sg_assets.lineage.scores.comparison_cache import Comparisons
from sg_assets.lineage.scores.score_history import History, HistoryStep, ScoreStatus, history
from sg_assets.lineage.why import Why, why
from sg_assets.store.manifests import PinnedInput
from sg_assets.store.refs import Ref
from sg_assets.store.revert import revert
from sg_assets.store.store import Store
from sg_assets_tests.lineage.world import JUDGE_MODULE, World

SCORE = Ref.parse("scores/sg_safety[sft_r128]")
START = datetime(2026, 11, 1, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="session")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Callable[[bool], Why]:
    """A template, a threshold, a rank, a judge's code and the comments edited together; with texts or without."""
    store = Store(tmp_path_factory.mktemp("shown") / "store", "demo")
    first = World()
    before = first.build(store, "1")
    after = replace(
        first,
        comments=46,
        rank=64,
        templates=dict(first.templates) | {"reply_to": "Answer this comment: {text}"},
        thresholds={"is_toxic": 0.4, "is_refusal": 0.5},
        judge_module=JUDGE_MODULE.replace("% 10", "% 9"),
    ).build(store, "2")
    return lambda with_text: fixed(why(store, before, after, with_text=with_text))


def fixed(comparison: Why) -> Why:
    """The same comparison with version ids that are equal in every run."""
    explanation = comparison.explanation
    before, after = (_named(pin, name) for pin, name in ((explanation.before, "V1"), (explanation.after, "V2")))
    return replace(comparison, explanation=replace(explanation, before=before, after=after))


def _named(pin: PinnedInput, version: str) -> PinnedInput:
    return pin.model_copy(update={"version": version})


@pytest.fixture
def shown(compared: Callable[[bool], Why]) -> Why:
    return compared(False)


@pytest.fixture
def golden() -> Callable[[str, str], None]:
    """Compares a text with the file of its name; ``UPDATE_GOLDENS=1`` rewrites the file."""
    folder = Path(__file__).parent / "goldens"

    def check(name: str, text: str) -> None:
        if os.environ.get("UPDATE_GOLDENS"):
            (folder / name).write_text(text, encoding="utf-8")
        assert text.splitlines() == (folder / name).read_text(encoding="utf-8").splitlines()

    return check


@pytest.fixture(scope="session")
def followed(tmp_path_factory: pytest.TempPathFactory) -> History:
    """A rank halved, a threshold lowered, and that taken back; one earlier step is not compared."""
    store = Store(tmp_path_factory.mktemp("followed") / "store", "demo")
    World(comments=36).build(store, "1")
    World().build(store, "2")
    World(rank=64).build(store, "3")
    World(rank=64, thresholds={"is_toxic": 0.3, "is_refusal": 0.5}).build(store, "4")
    revert(store, SCORE, note="Too strict by far.")
    better: Any = {("toxicity_rate", "unsafe"): "lower", ("rejection_rate", "safe"): "lower"}
    return _fixed(history(Comparisons(store), SCORE, better, last=4))


def _fixed(followed: History) -> History:
    """The same history with versions and times that are equal in every run."""
    steps = {
        step.number: replace(
            step,
            version=f"V{step.number}",
            at=START + timedelta(days=step.number),
            compared=fixed(step.compared) if step.compared else None,
        )
        for step in followed.steps
    }

    def at(step: HistoryStep | None) -> HistoryStep | None:
        return None if step is None else steps[step.number]

    statuses = tuple(
        ScoreStatus(
            *status.group,
            steps[status.latest.number],
            at(status.previous),
            at(status.best),
            at(status.best_measured_differently),
        )
        for status in followed.statuses
    )
    return replace(followed, steps=tuple(steps.values()), statuses=statuses)
