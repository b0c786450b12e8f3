"""A model card's text, and what the hub's library reads of its metadata."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from huggingface_hub import ModelCard
from markdown_it import MarkdownIt

from sg_assets.declarations.licences import Licensed
from sg_assets.declarations.records.licence import Licence
from sg_assets.reports.card import BaseModel
from sg_assets.reports.model_card import render
from sg_assets_tests.reports.cards import APACHE, NAMED, card

GOLDEN = Path(__file__).parent / "goldens" / "model_card.md"


def metadata(**changes: Any) -> dict[str, Any]:
    return dict(ModelCard(render(card(**changes))).data.to_dict())


def under(licence: Licence | None) -> dict[str, Any]:
    found = metadata(licences=[Licensed("chat model base", "licences.chat_models.base", licence)])
    return {name: found[name] for name in found if name.startswith("license")}


def section(text: str, name: str) -> str:
    return text.split(f"## {name}\n", 1)[1].split("\n## ", 1)[0]


def test_a_card_is_as_recorded() -> None:
    assert render(card()) == GOLDEN.read_text(encoding="utf-8")


def test_the_hubs_library_reads_every_score_back() -> None:
    read = ModelCard(GOLDEN.read_text(encoding="utf-8")).data.eval_results
    assert [(one.dataset_type, one.metric_type, one.dataset_config, one.metric_value) for one in read] == [
        ("sg_safety", "toxicity_rate", "unsafe", 0.0),
        ("sg_safety", "rejection_rate", "unsafe", 0.996),
    ]
    assert read[0].metric_args == {"low": 0.0, "high": 0.012, "level": 0.95, "n": 500}


def test_the_metadata_are_yaml_on_top() -> None:
    _, block, _ = GOLDEN.read_text(encoding="utf-8").split("---\n", 2)
    assert yaml.safe_load(block)["library_name"] == "peft"


def test_a_base_of_the_hub_is_named_to_the_hub() -> None:
    base = BaseModel("models/chat[base]", "0b" * 16, repo="sg/tiny-chat", revision="c0ffee")
    found = metadata(base=base)
    assert (found["base_model"], found["base_model_relation"]) == ("sg/tiny-chat", "adapter")
    assert "`sg/tiny-chat` of the Hugging Face Hub at commit `c0ffee`" in render(card(base=base))


def test_a_base_trained_here_is_no_model_of_the_hub() -> None:
    assert not {"base_model", "base_model_relation"} & metadata().keys()


@pytest.mark.parametrize(
    ("licence", "told"),
    [
        (APACHE, {"license": "apache-2.0"}),
        (NAMED, {"license": "other", "license_name": "llama-3-community-license", "license_link": NAMED.url}),
        (Licence(name="MIT AND CDLA-Permissive-2.0"), {"license": "other",
                                                       "license_name": "mit-and-cdla-permissive-2.0"}),
        (None, {}),
    ],
)  # fmt: skip
def test_the_base_models_licence_is_the_hubs_licence(licence: Licence | None, told: dict[str, Any]) -> None:
    assert under(licence) == told


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
    told = section(render(card(despite=["safe"])), "Objectives")
    assert "| goes on despite it, as declared |" in told
    assert "held back" not in told


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
