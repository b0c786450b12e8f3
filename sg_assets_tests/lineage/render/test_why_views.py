"""A comparison as people and programs read it."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from sg_assets.lineage.causes import Cause, Kind
from sg_assets.lineage.render import why_markdown as markdown
from sg_assets.lineage.render.json_documents import as_json
from sg_assets.lineage.render.why_page import page
from sg_assets.lineage.walk import Explanation
from sg_assets.lineage.why import Why
from sg_assets_tests.lineage.render.views import HOSTILE, SECRET, terminal
from sg_assets_tests.reports.render.test_page import Reader

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("form", [terminal, page, markdown.document, as_json])
def test_item_texts_are_shown_only_on_request(compared: Callable[[bool], Why], form: Callable[[Why], str]) -> None:
    assert not SECRET.search(form(compared(False)))
    assert SECRET.search(form(compared(True)))


def hostile(shown: Why) -> Why:
    hostile = Cause(Kind.TEMPLATE, (HOSTILE,), HOSTILE, HOSTILE, f"{HOSTILE} 2", f"-{HOSTILE}\n+```\n", note=HOSTILE)
    changed = tuple(replace(changed, causes=(hostile,)) for changed in shown.explanation.changed)
    return replace(shown, explanation=replace(shown.explanation, changed=changed), lost=(HOSTILE,))


def test_hostile_texts_are_shown_not_obeyed(shown: Why) -> None:
    odd = hostile(shown)
    reader = Reader(page(odd))
    assert not {"script", "img"} & set(reader.tags)
    assert not reader.values("onmouseover")
    assert "<script" not in re.sub(r"```.*?```", "", markdown.document(odd).replace("````", "```"), flags=re.DOTALL)
    assert "[bold]" in terminal(replace(odd, lost=("[bold]x",)))


def test_equal_versions_are_said_to_be_equal(shown: Why) -> None:
    pin = shown.explanation.after
    equal = Why(Explanation(pin, pin, ()), (), (), (), (), ())
    for form in (terminal, page, markdown.document):
        assert "same content: no change to explain" in form(equal)


def test_every_view_tells_what_was_said_of_a_version(shown: Why) -> None:
    noted = replace(shown, notes=("V2 was accepted on a day: [bold]<script>",))
    for form in (terminal, page, markdown.document, markdown.summary, as_json):
        assert "V2 was accepted on a day" in form(noted)
        assert "V2 was accepted on a day" not in form(shown)
    assert "<script>" not in page(noted) + markdown.document(noted)
