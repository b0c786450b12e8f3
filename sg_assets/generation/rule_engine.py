"""The demo's generator: a pure function of the chat, behind the interface of a model."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sg_assets.generation.protocol import Answer, Messages


class RuleEngine:
    """Answers by a written rule."""

    def __init__(self, model: str, respond: Callable[[Messages], str]) -> None:
        """Answer by ``respond``; ``model`` is the digest of the rule, part of every answer's key."""
        self._model = model
        self._respond = respond

    @property
    def identity(self) -> Mapping[str, Any]:
        """The rule, by its digest."""
        return {"engine": "rule", "model": self._model}

    @property
    def session(self) -> Mapping[str, Any]:
        """A rule has no libraries or batches."""
        return {}

    def answer(self, chats: Sequence[Messages]) -> Iterator[tuple[int, Answer]]:
        """Answer every chat at once."""
        for position, chat in enumerate(chats):
            yield position, Answer("ok", self._respond(chat), None, None, "stop")
