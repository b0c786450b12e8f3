"""A comparison as people and programs read it."""

import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from sg_assets.lineage.causes import Cause, Kind
from sg_assets.lineage.render import why_markdown as markdown
from sg_assets.lineage.render import why_text
from sg_assets.lineage.render.cause_graph import HEIGHT, WIDTH, picture
from sg_assets.lineage.render.document import as_json
from sg_assets.lineage.render.why_page import page, waterfall
from sg_assets.lineage.render.why_terminal import view
from sg_assets.lineage.scores.flips import Flip
from sg_assets.lineage.scores.ledger import Entry, Part, ScoreChange
from sg_assets.lineage.walk import Changed, Explanation
from sg_assets.lineage.why import Why
from sg_assets.store.manifests import PinnedInput
from sg_assets_tests.reports.render.test_page import Reader

Golden = Callable[[str, str], None]
SECRET = re.compile(r"comment \d|answer \d")
"""What item texts of the world look like."""
HOSTILE = '<script>alert(1)</script><img src=x onerror=alert(1)>" onmouseover="alert(1)'


def terminal(shown: Why) -> str:
    file = io.StringIO()
    Console(file=file, width=100).print(view(shown), highlight=False)
    return "\n".join(line.rstrip() for line in file.getvalue().splitlines()) + "\n"


def test_the_terminal_s_text(shown: Why, golden: Golden) -> None:
    golden("why.txt", terminal(shown))


def test_the_page(shown: Why, golden: Golden) -> None:
    golden("why.html", page(shown))


def test_the_markdown(shown: Why, golden: Golden) -> None:
    golden("why.md", markdown.document(shown))


def test_a_few_lines_for_the_dagster_ui(shown: Why, golden: Golden) -> None:
    golden("summary.md", markdown.summary(shown))


@pytest.mark.parametrize("form", [terminal, page, markdown.document, as_json])
def test_item_texts_are_shown_only_on_request(compared: Callable[[bool], Why], form: Callable[[Why], str]) -> None:
    assert not SECRET.search(form(compared(False)))
    assert SECRET.search(form(compared(True)))


def test_the_page_is_well_formed_and_fetches_nothing(shown: Why) -> None:
    text = page(shown)
    reader = Reader(text)
    assert not re.search(r"https?:|//[a-z]", text)
    assert not {"script", "link", "img", "iframe", "object"} & set(reader.tags)
    assert not re.search(r"url\(|@import", text)


def hostile(shown: Why) -> Why:
    cause = Cause(Kind.TEMPLATE, (HOSTILE,), HOSTILE, HOSTILE, f"{HOSTILE} 2", f"-{HOSTILE}\n+```\n", note=HOSTILE)
    changed = tuple(replace(one, causes=(cause,)) for one in shown.explanation.changed)
    return replace(shown, explanation=replace(shown.explanation, changed=changed), lost=(HOSTILE,))


def test_hostile_texts_are_shown_not_obeyed(shown: Why) -> None:
    odd = hostile(shown)
    reader = Reader(page(odd))
    assert not {"script", "img"} & set(reader.tags)
    assert not reader.values("onmouseover")
    assert "<script" not in re.sub(r"```.*?```", "", markdown.document(odd).replace("````", "```"), flags=re.DOTALL)
    assert "[bold]" in terminal(replace(odd, lost=("[bold]x",)))


def test_the_terminal_shows_the_start_of_a_long_diff(shown: Why) -> None:
    long = Cause(Kind.CODE, ("a/b",), "module", "1", "2", diff="\n".join(f"+line {number}" for number in range(50)))
    changed = tuple(replace(one, causes=(long,)) for one in shown.explanation.changed)
    text = terminal(replace(shown, explanation=replace(shown.explanation, changed=changed)))
    assert "+line 19" in text
    assert "+line 20" not in text
    assert "... 30 more lines" in text


def test_programs_get_every_value_and_exact_shares(shown: Why) -> None:
    told = json.loads(as_json(shown))
    assert [one["kind"] for one in told["causes"]] == [cause.kind.value for cause in shown.explanation.causes]
    for score in told["scores"]:
        change = score["change"]
        parts = sum((Fraction(entry["change"]["exact"]) for entry in change["entries"]), start=Fraction(0))
        assert parts == Fraction(change["after"]["exact"]) - Fraction(change["before"]["exact"])


def test_equal_versions_are_said_to_be_equal(shown: Why) -> None:
    pin = shown.explanation.after
    equal = Why(Explanation(pin, pin, ()), (), (), (), (), ())
    for form in (terminal, page, markdown.document):
        assert "same content: nothing to explain" in form(equal)


def test_every_view_tells_what_was_said_of_a_version(shown: Why) -> None:
    noted = replace(shown, notes=("V2 was accepted on a day: [bold]<script>",))
    for form in (terminal, page, markdown.document, markdown.summary, as_json):
        assert "V2 was accepted on a day" in form(noted)
        assert "V2 was accepted on a day" not in form(shown)
    assert "<script>" not in page(noted) + markdown.document(noted)


def test_the_command_names_another_partition(shown: Why) -> None:
    pin = shown.explanation.after
    base = pin.model_copy(update={"partition": "base"})
    assert markdown.command(base, pin) == (
        "sg-assets why 'scores/sg_safety[sft_r128]' --against 'scores/sg_safety[base]' --from V2 --to V2"
    )


SHARES = st.fractions(0, 1, max_denominator=997)


@given(SHARES, st.lists(SHARES.map(lambda share: share - Fraction(1, 2)), max_size=6))
def test_the_parts_shown_add_up_to_the_change_shown(before: Fraction, parts: list[Fraction]) -> None:
    entries = tuple(Entry(part, 1, 0, 0, share) for part, share in zip(Part, parts, strict=False))
    change = ScoreChange("x_rate", "all", before, before + sum(parts, start=Fraction(0)), 9, 9, 9, entries)
    shown = [Fraction(line.change.removesuffix(" points")) for line in why_text.ledger_lines(change)]
    if parts:
        assert sum(shown) == Fraction(why_text.together(change).removesuffix(" points"))
    for told, exact in zip(shown, parts, strict=True):
        assert abs(told - 100 * exact) < Fraction(1, 100)


def test_a_score_that_is_no_rate_is_shown_as_a_number(shown: Why) -> None:
    one = shown.whole[0]
    plain = replace(one, change=replace(one.change, metric="similarity"))
    assert why_text.score_title(plain).startswith("similarity, safe: 0.")
    assert "points" not in "".join(line.change for line in why_text.ledger_lines(plain.change))


def test_an_item_without_raw_scores_shows_none() -> None:
    assert why_text.flip_line(Flip("a", Part.UNKNOWN, 1.0, 0.5, "", "", worse=True)) == "1 -> 0.5 (not known, worse)"


def test_bars_go_from_where_the_last_one_ended(shown: Why) -> None:
    for score in shown.whole:
        bars = waterfall(score.change).bars
        assert bars[0].way == bars[-1].way == "whole"
        for bar in bars:
            assert bar.left >= 0
            assert bar.left + bar.width <= 100.01
        at = bars[0].left + bars[0].width
        for bar in bars[1:-1]:
            start, end = (bar.left, bar.left + bar.width) if bar.way == "up" else (bar.left + bar.width, bar.left)
            assert start == pytest.approx(at, abs=0.02)
            at = end


def pin(name: str) -> PinnedInput:
    return PinnedInput(asset=name, partition=None, version="v", fingerprint="f")


def test_boxes_do_not_overlap_and_inputs_stand_above_their_readers() -> None:
    names = [f"a/n{number}" for number in range(12)]
    changed = [
        Changed(name, pin(name), pin(name), (), tuple(names[max(0, place - 3) : place]), (), trained=False)
        for place, name in enumerate(names)
    ]
    drawn = picture(Explanation(pin("a/n11"), pin("a/n11"), tuple(changed)))
    at = {box.name: box for box in drawn.boxes}
    for one in changed:
        assert all(at[read].y + HEIGHT < at[one.name].y for read in one.reads)
    for box in drawn.boxes:
        assert 0 <= box.x <= drawn.width - WIDTH
        beside = [other for other in drawn.boxes if other is not box and other.y == box.y]
        assert all(abs(other.x - box.x) > WIDTH for other in beside)


def test_many_equal_inputs_are_counted_not_drawn() -> None:
    one = Changed("a/b", pin("a/b"), pin("a/b"), (), (), tuple(f"a/s{number}" for number in range(9)), trained=False)
    names = [box.name for box in picture(Explanation(pin("a/b"), pin("a/b"), (one,))).boxes]
    assert names == ["a/b", "a/s0", "a/s1", "a/s2", "6 more, equal"]
