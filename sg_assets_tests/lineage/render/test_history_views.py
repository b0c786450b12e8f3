"""A history as people read it."""

import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from rich.console import Console

from sg_assets.lineage.render import history_views as views
from sg_assets.lineage.scores.comparison_cache import Comparisons
from sg_assets.lineage.scores.score_history import History, ScoreStatus, Step, history
from sg_assets.store.refs import Ref
from sg_assets.store.revert import revert
from sg_assets.store.store import Store
from sg_assets_tests.lineage.render.conftest import fixed
from sg_assets_tests.lineage.render.test_why_views import HOSTILE, SECRET
from sg_assets_tests.lineage.world import World
from sg_assets_tests.reports.render.test_page import Reader

Golden = Callable[[str, str], None]
SCORE = Ref.parse("scores/sg_safety[sft_r128]")
START = datetime(2026, 11, 1, 9, 30, tzinfo=UTC)


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


def _fixed(found: History) -> History:
    """The same with versions and times that are the same in every run."""
    steps = {
        one.number: replace(
            one,
            version=f"V{one.number}",
            at=START + timedelta(days=one.number),
            compared=fixed(one.compared) if one.compared else None,
        )
        for one in found.steps
    }

    def at(step: Step | None) -> Step | None:
        return None if step is None else steps[step.number]

    standings = tuple(
        ScoreStatus(*one.group, steps[one.latest.number], at(one.previous), at(one.best), at(one.best_otherwise))
        for one in found.standings
    )
    return replace(found, steps=tuple(steps.values()), standings=standings)


def terminal(followed: History) -> str:
    file = io.StringIO()
    Console(file=file, width=120).print(views.view(followed), highlight=False)
    return "\n".join(line.rstrip() for line in file.getvalue().splitlines()) + "\n"


def test_the_terminal_s_text(followed: History, golden: Golden) -> None:
    golden("history.txt", terminal(followed))


def test_the_markdown(followed: History, golden: Golden) -> None:
    golden("history.md", views.document(followed))


def test_a_few_lines_for_the_dagster_ui(followed: History, golden: Golden) -> None:
    golden("history_summary.md", views.summary(followed))


def test_the_page(followed: History, golden: Golden) -> None:
    golden("history.html", re.sub(r"<svg.*?</svg>", "<svg></svg>", views.page(followed), flags=re.DOTALL))


def test_the_page_is_well_formed_and_fetches_nothing(followed: History) -> None:
    text = views.page(followed)
    reader = Reader(text)
    assert not {"script", "link", "img", "iframe", "object"} & set(reader.tags)
    assert not re.search(r"https?:|@import", text)
    assert reader.tags.count("svg") == len(followed.standings)
    assert text == views.page(followed)


@pytest.mark.parametrize("form", [terminal, views.document, views.summary, views.page])
def test_no_item_text_is_shown(followed: History, form: Callable[[History], str]) -> None:
    assert not SECRET.search(form(followed))


def test_a_hostile_note_is_shown_not_obeyed(followed: History) -> None:
    steps = tuple(replace(one, note=HOSTILE) for one in followed.steps)
    odd = replace(followed, steps=steps)
    assert not {"script", "img"} & set(Reader(views.page(odd)).tags)
    assert "<script" not in views.document(odd) + views.summary(odd)
    assert "[bold]" in terminal(replace(followed, steps=tuple(replace(one, note="[bold]x") for one in steps)))
