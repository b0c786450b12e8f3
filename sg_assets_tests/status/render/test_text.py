"""Texts that every view shares."""

import json
import re

from rich.console import Console

from sg_assets.status.acceptance import acceptances
from sg_assets.status.record_acceptance import record
from sg_assets.status.render import terminal
from sg_assets.status.render.document import status_json
from sg_assets.status.render.markdown import markdown
from sg_assets.status.render.page import page
from sg_assets.status.selection import named_refs
from sg_assets.status.summary import summary
from sg_assets_tests.status.planning import planned
from sg_assets_tests.status.render.views import edited
from sg_assets_tests.status.small import SmallGraph


def test_a_value_of_many_lines_is_told_on_one(built: SmallGraph) -> None:
    built.ranks = {"sft": 16, "kto": 8}
    shown, _ = edited(built)
    assert all("\n" not in line.reason for line in shown.lines)


def test_every_view_tells_how_many_count_by_an_acceptance(built: SmallGraph) -> None:
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
    [line] = [entry for entry in shown.lines if entry.asset == "adapters/sft"]
    assert re.fullmatch(r"accepted on \S+ by \S+@\S+ as made by the code of that day: renamed", line.reason)
    partitions = json.loads(status_json(survey.values(), []))["partitions"]
    accepted = {
        entry["partition"]: entry["accepted"]["mark"]["why"] for entry in partitions if entry["accepted"] is not None
    }
    assert accepted == {"adapters/sft[sft]": "renamed", "adapters/sft[kto]": "renamed"}
