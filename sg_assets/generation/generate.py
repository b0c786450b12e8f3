"""Answering a table of chats: what the cache holds costs nothing, the rest is asked and kept answer by answer."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from sg_assets.errors import SgAssetsError
from sg_assets.generation.answers import Answer, Engine, Messages, request_key
from sg_assets.generation.cache import AnswerCache

_REPORT_EVERY = 10.0
"""Seconds between progress lines."""


@dataclass(frozen=True)
class Generated:
    """Answers in the order of the chats, and what they took."""

    answers: tuple[Answer, ...]
    asked: int
    """Distinct requests the engine answered now."""
    cached: int
    """Distinct requests that were answered before."""
    seconds: float

    def frame(self) -> pl.DataFrame:
        """Columns response, outcome and finish, a row per chat."""
        return pl.DataFrame(
            {
                "response": [one.response for one in self.answers],
                "outcome": [one.outcome for one in self.answers],
                "finish": [one.finish for one in self.answers],
            },
            schema={"response": pl.String, "outcome": pl.String, "finish": pl.String},
        )

    def details(self) -> dict[str, float | int]:
        """Counts and cost for the manifest."""
        return {
            "answers_generated": self.asked,
            "answers_from_cache": self.cached,
            "prompt_tokens": sum(one.prompt_tokens or 0 for one in self.answers),
            "response_tokens": sum(one.response_tokens or 0 for one in self.answers),
            "generation_seconds": round(self.seconds, 3),
        }


def generate(engine: Engine, cache_root: Path, chats: Sequence[Messages], log: Callable[[str], None]) -> Generated:
    """Answer chats through the cache.

    Raises:
        SgAssetsError: requests ended in ``error``; their answers are not stored, a rerun asks only for them.
    """
    started = time.monotonic()
    cache = AnswerCache(cache_root, engine.identity, engine.session)
    keys = [request_key(engine.identity, chat) for chat in chats]
    by_key = dict(zip(keys, chats, strict=True))
    answers = cache.find(by_key)
    missing = [key for key in by_key if key not in answers]
    log(f"{len(by_key)} distinct prompts: {len(answers)} answered before, {len(missing)} to generate")
    cached = len(answers)
    try:
        answers |= _ask(engine, cache, {key: by_key[key] for key in missing}, log)
    finally:
        cache.close()
    failed = [key for key in by_key if answers[key].outcome == "error"]
    if failed:
        raise SgAssetsError(
            f"{len(failed)} of {len(by_key)} requests failed", why="the rest is stored", remedy="Run the step again"
        )
    return Generated(tuple(answers[key] for key in keys), len(missing), cached, time.monotonic() - started)


def _ask(
    engine: Engine, cache: AnswerCache, chats: dict[str, Messages], log: Callable[[str], None]
) -> dict[str, Answer]:
    keys = list(chats)
    answers: dict[str, Answer] = {}
    started = reported = time.monotonic()
    for place, answer in engine.answer(list(chats.values())):
        cache.store(keys[place], answer)
        answers[keys[place]] = answer
        now = time.monotonic()
        if now - reported >= _REPORT_EVERY:
            rate = len(answers) / (now - started)
            left = (len(keys) - len(answers)) / rate
            log(f"{len(answers)}/{len(keys)} answers, {rate:.1f}/s, {left:.0f} s left")
            reported = now
    return answers
