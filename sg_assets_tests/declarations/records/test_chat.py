"""What is declared of a model's chats."""

from typing import Any

import pytest
from pydantic import ValidationError

from sg_assets.declarations.records.chat import ChatDeclaration
from sg_assets.declarations.records.model import ChatModel, Sampling

HUB = {"repo": "sg/tiny-chat", "revision": "main"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"chat_template": "../x.jinja"},
        {"chat_template": "x.txt"},
        {"template_arguments": {"messages": "x"}},
        {"template_arguments": {"a b": 1}},
        {"template_arguments": {"a": float("nan")}},
        {"template_arguments": {"a": [1]}},
        {"system": ""},
        {"stops": [""]},
        {"date": "tomorrow"},
        {"context": 0},
        {"generation_config": "theirs"},
    ],
    ids=str,
)
def test_what_cannot_be_meant_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        ChatDeclaration.model_validate(wrong)


def test_arguments_keep_their_kind() -> None:
    declared = ChatDeclaration.model_validate({"template_arguments": {"a": True, "b": 1, "c": 1.5, "d": "1"}})
    assert [type(value) for value in declared.template_arguments.values()] == [bool, int, float, str]


def test_a_model_trained_here_declares_no_chat() -> None:
    with pytest.raises(ValidationError, match="trained here has the template that it is trained with"):
        ChatModel.model_validate({"seed": 0, "chat": {"system": "Be kind."}})
    assert ChatModel.model_validate({"hub": HUB, "chat": {"system": "Be kind."}}).chat is not None


@pytest.mark.parametrize("wrong", [{"temperature": 0}, {"temperature": 0.7}, {"temperature": 1, "top_p": 0, "seed": 1}])
def test_sampling_has_a_temperature_and_a_seed(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Sampling.model_validate(wrong)
