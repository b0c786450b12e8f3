"""A replay as people and programs read it."""

import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pytest
from rich.console import Console

from sg_assets.lineage.causes import Cause, Kind
from sg_assets.lineage.render import replay_views as views
from sg_assets.lineage.render.json_documents import as_json
from sg_assets.lineage.render.why_page import page, replayed
from sg_assets.lineage.replay.score_replay import Replay, ReplayCost, plan_replay, replay
from sg_assets.lineage.walk import explain
from sg_assets.lineage.why import Why
from sg_assets.store.scratch import ScratchStore
from sg_assets.store.store import Store
from sg_assets_tests.lineage.remaking import Remake
from sg_assets_tests.lineage.render.views import HOSTILE, SECRET
from sg_assets_tests.lineage.world import World
from sg_assets_tests.reports.render.test_page import Reader

pytestmark = pytest.mark.slow

Golden = Callable[[str, str], None]


@pytest.fixture(scope="session")
def done(tmp_path_factory: pytest.TempPathFactory) -> Replay:
    """A template, a threshold, a rank and a library edited at once, and replayed."""
    folder = tmp_path_factory.mktemp("replayed")
    store = Store(folder / "store", "demo")
    before = World().build(store, "1")
    templates = dict(World().templates) | {"reply_to": "Answer this comment: {text}"}
    thresholds = {"is_toxic": 0.4, "is_refusal": 0.5}
    after = World(templates=templates, thresholds=thresholds, rank=64, torch="2.14.0").build(store, "2")
    scratch = ScratchStore(folder / "scratch", store)
    return replay(plan_replay(scratch, before, after, explain(store, before, after), Remake(scratch)))


def terminal(done: Replay) -> str:
    file = io.StringIO()
    Console(file=file, width=140).print(views.view(done), highlight=False)
    return "\n".join(line.rstrip() for line in file.getvalue().splitlines()) + "\n"


def test_the_terminal_s_text(done: Replay, golden: Golden) -> None:
    golden("replay.txt", terminal(done))


def test_the_markdown(done: Replay, golden: Golden) -> None:
    golden("replay.md", views.document(done))


def test_the_page(done: Replay, shown: Why, golden: Golden) -> None:
    text = page(shown, done)
    golden("replay.html", text[text.index("<h2>Replay<") : text.index("<h2>Rows")])


def test_the_page_without_a_replay_has_no_place_for_one(shown: Why) -> None:
    assert "<h2>Replay<" not in page(shown)


def test_the_lines_shown_add_up_to_the_change_shown(done: Replay) -> None:
    for score in done.scores:
        shown = [Fraction(row.change.removesuffix(" points")) for row in views.rows(done, score)]
        assert sum(shown) == Fraction(re.findall(r"\(([-+.0-9]+) points\)", views.title(score))[0])


def test_the_bars_lead_from_the_score_before_to_the_score_after(done: Replay) -> None:
    for score in done.scores:
        rows = views.rows(done, score)
        assert (rows[0].start, rows[-1].end) == (score.before, score.after)
        assert all(0 <= bar.left <= bar.left + bar.width <= 100.01 for bar in replayed(done, score).bars)


def test_programs_get_exact_shares(done: Replay, shown: Why) -> None:
    for score in json.loads(as_json(shown, done))["replay"]["scores"]:
        shared = score["shared"]
        parts = sum((Fraction(share["change"]["exact"]) for share in shared["shares"]), start=Fraction(0))
        assert parts == Fraction(shared["change"]["exact"])


def test_scores_that_nothing_moves_are_named_not_drawn(done: Replay) -> None:
    shares = tuple(replace(share, change=Fraction(0), alone=Fraction(0)) for share in done.scores[0].shared.shares)
    same = replace(done.scores[0], before=done.scores[0].after, all_back=done.scores[0].after,
                   shared=replace(done.scores[0].shared, shares=shares))  # fmt: skip
    text = terminal(replace(done, scores=(same, *done.scores[1:])))
    assert f"Not moved by any cause: {same.metric}, {same.slice}." in text


@pytest.mark.parametrize("form", [terminal, views.document])
def test_no_item_text_is_shown(done: Replay, form: Callable[[Replay], str]) -> None:
    assert not SECRET.search(form(done))


def test_a_hostile_cause_is_shown_not_obeyed(done: Replay, shown: Why) -> None:
    odd = replace(done, not_restorable=(Cause(Kind.LIBRARY, ("a/b",), HOSTILE, HOSTILE, HOSTILE),))
    assert not {"script", "img"} & set(Reader(page(shown, odd)).tags)
    assert "<script" not in views.document(odd)


def test_many_causes_that_cannot_be_put_back_are_counted(done: Replay) -> None:
    causes = tuple(Cause(Kind.LIBRARY, ("a/b",), f"lib{index}", "1", "2") for index in range(9))
    text = terminal(replace(done, not_restorable=causes))
    assert "lib2" in text
    assert "lib3" not in text
    assert "6 more" in text
    assert "rest: 9 causes that cannot be restored" in text


def test_the_cost_names_what_would_be_trained_and_asked() -> None:
    lines = "\n".join(views.cost_lines(ReplayCost(4, 7, 2, 300.0, 1040, 52_000, 90.0, ("transformers",))))
    assert "at most 2 trainings, about 5 min" in lines
    assert "1,040 model calls and 52,000 tokens by transformers, about 90 s" in lines
    assert "no model is trained or called" in views.cost_lines(ReplayCost(4, 4, 0, 0.0, 0, 0, 0.0, ()))[-1]
