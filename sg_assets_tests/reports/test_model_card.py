"""A model card as text."""

from dataclasses import replace
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from sg_assets.declarations.licences import Licensed
from sg_assets.reports.model_card import render
from sg_assets_tests.reports.cards import card, imported, training

GOLDEN = Path(__file__).parent / "goldens" / "model_card.md"


def section(text: str, name: str) -> str:
    return text.split(f"## {name}\n", 1)[1].split("\n## ", 1)[0]


def test_a_card_is_as_recorded() -> None:
    assert render(card()) == GOLDEN.read_text(encoding="utf-8")


def test_losses_read_as_a_formula() -> None:
    plain, trained = card(), training()
    settings = {**trained.settings, "loss": {"sigmoid": 1.0, "sft": 0.2}}
    text = render(replace(plain, training=replace(trained, settings=settings)))
    assert "| loss | sigmoid + 0.2 sft |" in text


def test_an_adapter_that_was_trained_elsewhere_has_an_origin_and_no_training() -> None:
    body = render(card(method="imported", mix=None, mix_description=None, data=(), training=None, imported=imported()))
    origin = section(body, "Origin")
    assert f"| from | team/lora@{'c' * 40} |" in origin
    assert "| alpha | 16 |" in origin
    assert "- Its config names a folder" in origin
    assert "## Training" not in body
    assert "Trained elsewhere" in section(body, "Limits")
    for part in ("Base model", "Scores", "Objectives", "Licences", "Lineage"):
        assert section(body, part) == section(render(card()), part)


def test_a_licence_that_is_missing_is_said_to_be() -> None:
    text = render(card(licences=[Licensed("comments", "licences.sources.comments", None)]))
    assert "| comments | **not declared** |" in text


def test_what_was_said_of_a_version_stands_beside_it() -> None:
    first, other = card().versions
    lineage = section(render(card(notes={first.version: "accepted: <b>renamed</b>"})), "Lineage")
    assert "| Asset | Version | Content | Note |" in lineage
    [noted] = [line for line in lineage.splitlines() if first.version in line]
    assert noted.endswith("| accepted: &lt;b\\>renamed&lt;/b\\> |")
    [plain] = [line for line in lineage.splitlines() if other.version in line]
    assert plain.endswith("` |  |")
    assert "Note" not in section(render(card()), "Lineage")


def test_what_a_release_goes_on_despite_is_said() -> None:
    assert "| held back by it |" in section(render(card()), "Objectives")
    objectives = section(render(card(despite=["safe"])), "Objectives")
    assert "| goes on despite it, as declared |" in objectives
    assert "held back" not in objectives


def test_without_objectives_none_is_said_to_be_declared() -> None:
    assert section(render(card(objectives=[])), "Objectives").strip() == "None is declared."


@pytest.mark.parametrize("hostile", ["<script>x</script>", "a | b", "`x`", "# h\n| y |", "[x](http://y)"])
def test_texts_show_as_they_are_written(hostile: str) -> None:
    body = render(card(description=hostile, mix_description=hostile, cautions=[hostile])).split("---\n", 2)[2]
    shown = MarkdownIt("commonmark").enable("table").render(body)
    assert "<script>" not in shown
    assert "href" not in shown.replace('href="https://llama', "")
    assert shown.count("<table>") == MarkdownIt("commonmark").enable("table").render(_body()).count("<table>")


def _body() -> str:
    return render(card()).split("---\n", 2)[2]
