"""A history as people read it."""

import io
import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from rich.console import Console

from sg_assets.lineage.render import history_views as views
from sg_assets.lineage.scores.score_history import History
from sg_assets_tests.lineage.render.views import HOSTILE, SECRET
from sg_assets_tests.reports.render.test_page import Reader

Golden = Callable[[str, str], None]


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
    assert reader.tags.count("svg") == len(followed.statuses)
    assert text == views.page(followed)


@pytest.mark.parametrize("form", [terminal, views.document, views.summary, views.page])
def test_no_item_text_is_shown(followed: History, form: Callable[[History], str]) -> None:
    assert not SECRET.search(form(followed))


def test_a_hostile_note_is_shown_not_obeyed(followed: History) -> None:
    steps = tuple(replace(step, note=HOSTILE) for step in followed.steps)
    odd = replace(followed, steps=steps)
    assert not {"script", "img"} & set(Reader(views.page(odd)).tags)
    assert "<script" not in views.document(odd) + views.summary(odd)
    assert "[bold]" in terminal(replace(followed, steps=tuple(replace(step, note="[bold]x") for step in steps)))
