"""What a profile asks of the context of its chat models."""

import pytest

from sg_assets.declarations.loading import Declarations
from sg_assets.declarations.problems import Problems
from sg_assets.declarations.records.chat import ChatDeclaration
from sg_assets.declarations.records.model import ChatModel
from sg_assets.declarations.records.model_files import ModelFiles
from sg_assets.declarations.records.profile import Profile
from sg_assets.declarations.token_needs import check_contexts, token_needs

HUB = ModelFiles(repo="sg/tiny-chat", revision="main")
ANSWERING = "models/profiles/tiny.yaml, generation: max_prompt_tokens with max_new_tokens"


def problems(declared: Declarations, profile: Profile) -> list[str]:
    wrong = Problems()
    check_contexts(profile, declared.variants, wrong)
    return wrong.messages


def answering(profile: Profile, max_prompt_tokens: int) -> Profile:
    generation = profile.generation.model_copy(update={"max_prompt_tokens": max_prompt_tokens})
    return profile.model_copy(update={"generation": generation})


def training(profile: Profile, part: str, max_length: int) -> Profile:
    options = getattr(profile.training, part).model_copy(update={"max_length": max_length})
    return profile.model_copy(update={"training": profile.training.model_copy(update={part: options})})


def test_prompts_with_answers_and_training_rows_are_asked_for(declared: Declarations) -> None:
    needs = {need.where: need.tokens for need in token_needs(declared.profile, declared.variants, "base")}
    assert needs == {ANSWERING: 1024 + 24, "models/profiles/tiny.yaml, training.defaults.max_length": 192}


def test_variants_of_another_chat_model_ask_nothing(declared: Declarations) -> None:
    assert [need.where for need in token_needs(declared.profile, declared.variants, "reference")] == [ANSWERING]


def test_as_much_as_a_model_trained_here_takes_is_accepted(declared: Declarations) -> None:
    longest = answering(declared.profile, 4096 - 24)
    assert problems(declared, training(longest, "defaults", 4096)) == []


def test_more_than_a_model_trained_here_takes_is_an_error_at_load(declared: Declarations) -> None:
    (problem,) = problems(declared, answering(declared.profile, 4096 - 23))
    assert problem.startswith(f"{ANSWERING}: is 4,097 tokens")
    assert "chat model 'base' takes 4,096 (pretraining.max_positions)" in problem


@pytest.mark.parametrize("part", ["defaults", "kto"])
def test_longer_training_rows_are_an_error_that_names_the_value(declared: Declarations, part: str) -> None:
    (problem,) = problems(declared, training(declared.profile, part, 5000))
    assert problem.startswith(f"models/profiles/tiny.yaml, training.{part}.max_length: is 5,000 tokens")


def test_more_than_the_declared_context_of_a_hub_model_is_an_error_at_load(declared: Declarations) -> None:
    model = ChatModel(hub=HUB, chat=ChatDeclaration(context=1047))
    (problem,) = problems(declared, declared.profile.model_copy(update={"chat_models": {"base": model}}))
    assert "takes 1,047 (chat_models.base.chat.context)" in problem


def test_a_context_that_only_the_model_s_files_say_is_compared_when_it_is_pinned(declared: Declarations) -> None:
    profile = declared.profile.model_copy(update={"chat_models": {"base": ChatModel(hub=HUB)}})
    assert problems(declared, training(profile, "defaults", 10**6)) == []
