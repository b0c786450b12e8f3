"""How many tokens a profile asks of its chat models: prompts with their answers, and training rows."""

from collections.abc import Mapping
from dataclasses import dataclass

from sg_assets.declarations.problems import Problems
from sg_assets.declarations.records.profile import Profile
from sg_assets.declarations.records.variant import Variant
from sg_assets.declarations.validate.trainings import declared_in, options_of
from sg_assets.declarations.validate.variants import root_chat_model
from sg_assets.errors import SgAssetsError


@dataclass(frozen=True)
class TokenNeed:
    """Tokens that a declared value asks of a chat model."""

    where: str
    """The file and key of the value."""
    tokens: int
    """As many of its context."""


def token_needs(profile: Profile, variants: Mapping[str, Variant], chat_model: str) -> list[TokenNeed]:
    """What the variants that begin at a chat model ask of it.

    Args:
        profile: Declares lengths of prompts, answers and rows.
        variants: Those the profile runs.
        chat_model: Its name.
    """
    generation = profile.generation
    answering = f"models/profiles/{profile.name}.yaml, generation: max_prompt_tokens with max_new_tokens"
    needs = [TokenNeed(answering, generation.max_prompt_tokens + generation.max_new_tokens)]
    for variant in variants.values():
        longest = options_of(variant, profile).max_length if variant.is_trained else None
        if longest is not None and root_chat_model(variant, variants) == chat_model:
            needs.append(TokenNeed(declared_in("max_length", variant, profile), longest))
    return list(dict.fromkeys(needs))


def check_contexts(profile: Profile, variants: Mapping[str, Variant], problems: Problems) -> None:
    """Add to ``problems`` what is longer than a chat model takes, where its context is declared.

    Of a model whose files say its context, the step that pins it compares them.
    """
    for name, model in profile.chat_models.items():
        if model.seed is not None and profile.pretraining is not None:
            context, key = profile.pretraining.max_positions, "pretraining.max_positions"
        elif model.chat is not None and model.chat.context is not None:
            context, key = model.chat.context, f"chat_models.{name}.chat.context"
        else:
            continue
        for need in token_needs(profile, variants, name):
            if need.tokens > context:
                problems.add(
                    SgAssetsError(
                        f"is {need.tokens:,} tokens", where=need.where,
                        why=f"the chat model '{name}' takes {context:,} ({key})", remedy=f"Write at most {context:,}",
                    )
                )  # fmt: skip
