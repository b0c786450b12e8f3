"""The metadata of a model card, as the hub's library reads them."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from huggingface_hub import ModelCard

from sg_assets.declarations.licences import Licensed
from sg_assets.declarations.records.licence import Licence
from sg_assets.reports.card import BaseModel
from sg_assets.reports.model_card import render
from sg_assets_tests.reports.cards import APACHE, NAMED, card

GOLDEN = Path(__file__).parent / "goldens" / "model_card.md"


def metadata(**changes: Any) -> dict[str, Any]:
    return dict(ModelCard(render(card(**changes))).data.to_dict())


def under(licence: Licence | None) -> dict[str, Any]:
    data = metadata(licences=[Licensed("chat model base", "licences.chat_models.base", licence)])
    return {name: data[name] for name in data if name.startswith("license")}


def test_the_hubs_library_reads_every_score_back() -> None:
    read = ModelCard(GOLDEN.read_text(encoding="utf-8")).data.eval_results
    assert [
        (result.dataset_type, result.metric_type, result.dataset_config, result.metric_value) for result in read
    ] == [
        ("sg_safety", "toxicity_rate", "unsafe", 0.0),
        ("sg_safety", "rejection_rate", "unsafe", 0.996),
    ]
    assert read[0].metric_args == {"low": 0.0, "high": 0.012, "level": 0.95, "n": 500}


def test_the_metadata_are_yaml_on_top() -> None:
    _, block, _ = GOLDEN.read_text(encoding="utf-8").split("---\n", 2)
    assert yaml.safe_load(block)["library_name"] == "peft"


def test_a_base_of_the_hub_is_named_to_the_hub() -> None:
    base = BaseModel("models/chat[base]", "0b" * 16, repo="sg/tiny-chat", revision="c0ffee")
    data = metadata(base=base)
    assert (data["base_model"], data["base_model_relation"]) == ("sg/tiny-chat", "adapter")
    assert "`sg/tiny-chat` of the Hugging Face Hub at commit `c0ffee`" in render(card(base=base))


def test_a_base_from_a_folder_has_no_seed_and_no_repository() -> None:
    text = render(card(base=BaseModel("models/chat[base]", "0b" * 16)))
    assert "From a folder of its owner's, pinned by the digests of its files." in text
    assert "seed None" not in text


def test_a_base_trained_here_is_no_model_of_the_hub() -> None:
    assert not {"base_model", "base_model_relation"} & metadata().keys()


@pytest.mark.parametrize(
    ("licence", "expected"),
    [
        (APACHE, {"license": "apache-2.0"}),
        (NAMED, {"license": "other", "license_name": "llama-3-community-license", "license_link": NAMED.url}),
        (Licence(name="MIT AND CDLA-Permissive-2.0"), {"license": "other",
                                                       "license_name": "mit-and-cdla-permissive-2.0"}),
        (None, {}),
    ],
)  # fmt: skip
def test_the_base_models_licence_is_the_hubs_licence(licence: Licence | None, expected: dict[str, Any]) -> None:
    assert under(licence) == expected
