"""The demo's writer of safe answers, where the paper profile has GPT-4o: it repeats one of its few-shot answers."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Final

from sg_assets.errors import SgAssetsError

BEHAVIOUR: Final = 1
"""Raised when the rule would answer any chat differently: cached answers are keyed by it."""


def few_shot_answer(messages: Sequence[Mapping[str, str]]) -> str:
    """Give the few-shot answer that the last user message falls on, by a hash that is the same on every machine.

    Args:
        messages: a chat, ``[system, user, assistant, ..., user]``, each message with ``role`` and ``content``.

    Raises:
        SgAssetsError: the chat shows no answer to choose from, or does not end with a user message.
    """
    answers = [message["content"] for message in messages if message["role"] == "assistant"]
    if not answers or messages[-1]["role"] != "user":
        raise SgAssetsError(
            "the demo's responder needs at least one few-shot answer and a user message at the end",
            where="demo/responder",
            remedy="Declare examples in models/few_shots.yaml",
        )
    digest = hashlib.sha256(messages[-1]["content"].encode()).digest()
    return answers[int.from_bytes(digest[:8]) % len(answers)]
