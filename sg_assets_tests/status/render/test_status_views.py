"""Status and plan as they are shown."""

import json
import re

from rich.console import Console

from sg_assets.status.acceptance import acceptances
from sg_assets.status.plan import Plan
from sg_assets.status.record_acceptance import record
from sg_assets.status.render import terminal
from sg_assets.status.render.document import plan_json, status_json
from sg_assets.status.render.markdown import markdown
from sg_assets.status.render.page import page
from sg_assets.status.selection import named_refs
from sg_assets.status.summary import Summary, summary
from sg_assets.store.refs import Ref
from sg_assets_tests.status.small import Small
from sg_assets_tests.status.test_plan import planned

GONE = [Ref.parse("scores/s[gone]")]


def edited(built: Small) -> tuple[Summary, Plan]:
    built.ranks = {"sft": 16, "kto": 8, "new": 4}
    return summary(built.survey().values(), GONE), planned(built)


def printed(built: Small) -> str:
    shown, plan = edited(built)
    console = Console(width=200, record=True)
    console.print(terminal.status(shown), terminal.plan(plan))
    return console.export_text()


def test_the_terminal_counts_and_says_what_is_behind_it(built: Small) -> None:
    text = printed(built)
    assert "14 partitions: 3 missing, 4 out of date, 7 current" in text
    assert "Behind 4 of them: training parameter rank 8 -> 16 (adapters/sft[sft])" in text
    assert "1 with versions, no longer declared: scores/s[gone]" in text


def test_partitions_that_stand_alike_share_a_line(built: Small) -> None:
    built.comments = 4
    [line] = [one for one in summary(built.survey().values(), []).lines if one.asset == "adapters/sft"]
    assert line.name == "adapters/sft[sft, kto]"


def test_the_plan_ends_with_its_cost(built: Small) -> None:
    assert re.search(
        r"runs: 7 steps of work, about \d+ rows, up to 14 model calls, GPU pool .* no price declared for GPU time",
        printed(built),
    )


def test_markdown_and_page_tell_the_same_states(built: Small) -> None:
    shown, plan = edited(built)
    text, html = markdown(shown, plan), page(shown, plan, "Status <here>")
    assert "**3** missing, **4** out of date, **7** current" in text
    for name in ("adapters/sft[new]", "training parameter rank 8 -&gt; 16"):
        assert name in html
    assert "Status &lt;here&gt;" in html
    assert "<script" not in html


def test_json_holds_every_partition_and_the_runs_in_order(built: Small) -> None:
    shown, plan = edited(built)
    told = json.loads(status_json(built.survey().values(), shown.undeclared))
    assert len(told["partitions"]) == 14
    assert told["undeclared"] == ["scores/s[gone]"]
    [own] = [one for one in told["partitions"] if one["partition"] == "adapters/sft[sft]"]
    assert (own["state"], own["need"], own["causes"][0]["name"]) == ("out of date", "work", "rank")
    runs = json.loads(plan_json(plan))["runs"]
    assert [one["partition"] for run in runs for one in run] == [str(ref) for ref in plan.steps]


def test_a_value_of_many_lines_is_told_on_one(built: Small) -> None:
    built.ranks = {"sft": 16, "kto": 8}
    shown, _ = edited(built)
    assert all("\n" not in line.reason for line in shown.lines)


def test_every_view_tells_how_many_count_by_an_acceptance(built: Small) -> None:
    built.modules = {"adapters/sft": "def train(): return 2"}
    refs = named_refs(built.graph, built.variants, ["all"])
    record(built.store, acceptances(built.store, built.graph, built.recipe, refs), "renamed")
    survey = built.survey()
    shown = summary(survey.values(), [], every=True)
    console = Console(width=200, record=True)
    console.print(terminal.status(shown))
    plan = planned(built)
    for text in (console.export_text(), markdown(shown, plan), page(shown, plan, "Status")):
        assert "2 partitions count as made by today" in text
    [line] = [one for one in shown.lines if one.asset == "adapters/sft"]
    assert re.fullmatch(r"accepted on \S+ by \S+@\S+ as made by the code of that day: renamed", line.reason)
    told = json.loads(status_json(survey.values(), []))["partitions"]
    accepted = {one["partition"]: one["accepted"]["mark"]["why"] for one in told if one["accepted"] is not None}
    assert accepted == {"adapters/sft[sft]": "renamed", "adapters/sft[kto]": "renamed"}
