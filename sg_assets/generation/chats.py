"""Chats that ask a model for its own answer."""

from collections.abc import Iterable

from sg_assets.generation.protocol import Message


def user_chats(prompts: Iterable[str]) -> list[list[Message]]:
    """A chat per prompt: the prompt alone, said by the user."""
    return [[{"role": "user", "content": prompt}] for prompt in prompts]
