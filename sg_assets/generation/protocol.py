"""The protocol of engines: chats in, answers out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from sg_assets.store.fingerprints import json_digest

Message = Mapping[str, str]
Messages = Sequence[Message]
"""A chat: ``{"role": ..., "content": ...}`` in order."""
Outcome = Literal["ok", "refused", "blocked", "invalid", "error"]
"""``ok``: an answer. ``refused``: the provider declined. ``blocked``: its content filter stepped in. ``invalid``: the
request cannot be answered as it is (too long). ``error``: a rerun may succeed; never stored."""


@dataclass(frozen=True)
class Answer:
    """One reply."""

    outcome: Outcome
    response: str | None
    """The text, None unless the outcome is ``ok``."""
    prompt_tokens: int | None
    response_tokens: int | None
    finish: str | None
    """``stop``, ``length``, or why there is no answer."""


class Engine(Protocol):
    """Answers chats."""

    @property
    def identity(self) -> Mapping[str, Any]:
        """Everything that decides an answer apart from the chat: model and adapter digests, engine, dtype, sampling."""

    @property
    def session(self) -> Mapping[str, Any]:
        """Recorded with the answers without deciding them: libraries, batch size, machine."""

    def answer(self, chats: Sequence[Messages]) -> Iterator[tuple[int, Answer]]:
        """Answer chats in any order; each answer comes with its chat's index, as soon as it is ready."""


def request_key(identity: Mapping[str, Any], chat: Messages, draw: int = 0) -> str:
    """The canonical key of a request: equal keys have interchangeable answers."""
    return json_digest({"identity": dict(identity), "chat": [dict(message) for message in chat], "draw": draw})
