"""Chat models that come from the hub instead of a training."""

from typing import Any

import pytest
from pydantic import ValidationError

from sg_assets.declarations import load_declarations
from sg_assets.declarations.graph import Graph
from sg_assets.declarations.loading import Declarations
from sg_assets.declarations.records.model import ChatModel
from sg_assets.declarations.records.profile import Profile
from sg_assets_tests.declarations.graphs import build_graph
from sg_assets_tests.paths import PROJECT

HUB = {"repo": "sg/tiny-chat", "revision": "main"}


def declared(chat_models: dict[str, Any], **changes: Any) -> Declarations:
    demo = load_declarations(PROJECT, "demo")
    profile = demo.profile.model_dump() | {"chat_models": chat_models} | changes
    return Declarations(**{**vars(demo), "profile": Profile.model_validate(profile)})


def graph(*hubs: str) -> Graph:
    models = {name: {"hub": HUB} if name in hubs else {"seed": 0} for name in ("base", "reference")}
    return build_graph(declared(models), generated_comments=True)


def test_a_model_of_the_hub_reads_no_pretraining_rows() -> None:
    mixed = graph("base")
    assert [str(ref) for ref in mixed.inputs("models/chat", "reference")] == ["demo/pretraining"]
    assert mixed.inputs("models/chat", "base") == ()


def test_without_a_model_trained_here_there_are_no_pretraining_rows() -> None:
    assert "demo/pretraining" not in graph("base", "reference").nodes


def test_without_a_model_trained_here_no_pretraining_is_declared() -> None:
    assert declared({"base": {"hub": HUB}}, pretraining=None).profile.pretraining is None


def test_a_seed_needs_a_pretraining() -> None:
    with pytest.raises(
        ValidationError, match=r"pretraining and samples.pretraining_rows are needed: chat models with a seed: base"
    ):
        declared({"base": {"seed": 0}}, pretraining=None)


@pytest.mark.parametrize("origin", [{}, {"seed": 0, "hub": HUB}])
def test_a_chat_model_has_one_origin(origin: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match=r"either a seed .* or hub"):
        ChatModel.model_validate(origin)
