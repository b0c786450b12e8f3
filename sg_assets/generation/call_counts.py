"""How many model calls a step would make, given the answer cache."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sg_assets.generation.answer_cache import AnswerCache
from sg_assets.generation.protocol import Engine, Messages, request_key


@dataclass(frozen=True)
class Requests:
    """The engine a step asks, and its chats."""

    engine: Engine
    chats: Sequence[Messages]


def count_unanswered(requests: Requests, cache_root: Path) -> int:
    """How many distinct requests have no stored answer: the calls that the step would make. Reads, and asks nothing."""
    cache = AnswerCache(cache_root, requests.engine, "", lambda _: None)
    keys = {request_key(requests.engine.identity, chat) for chat in requests.chats}
    return len(keys) - cache.find(keys).height
