"""What a step would ask, against the answers that are kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sg_assets.generation.cache import AnswerCache
from sg_assets.generation.protocol import Engine, Messages, request_key


@dataclass(frozen=True)
class Requests:
    """Whom a step asks, and what."""

    engine: Engine
    chats: Sequence[Messages]


def unanswered(requests: Requests, cache_root: Path) -> int:
    """How many distinct requests have no stored answer: the calls that the step would make. Reads, and asks nothing."""
    cache = AnswerCache(cache_root, requests.engine, "", lambda _: None)
    keys = {request_key(requests.engine.identity, chat) for chat in requests.chats}
    return len(keys) - cache.find(keys).height
