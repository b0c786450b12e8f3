"""Answers to a table of chats: from the cache where it has them, else generated and stored answer by answer."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from sg_assets.errors import SgAssetsError
from sg_assets.generation.answer_cache import AnswerCache
from sg_assets.generation.leases import wait_for_leases
from sg_assets.generation.progress_log import Cadence, Progress
from sg_assets.generation.protocol import Engine, Messages, request_key
from sg_assets.store.machine_record import Machine

Log = Callable[[str], None]


@dataclass(frozen=True)
class GeneratedAnswers:
    """Answers to a table of chats, with their cost."""

    answers: pl.DataFrame
    """A row per chat in the order of the chats: response, outcome, finish, prompt_tokens, response_tokens."""
    distinct: int
    """Distinct requests among the chats."""
    asked: int
    """Requests the engine answered now; the others were answered before, or by another process meanwhile."""
    seconds: float
    engine: Mapping[str, Any]
    """The engine's identity: all that decides the answers."""
    sessions: Sequence[Mapping[str, Any]]
    """How the answers were generated: run, libraries, batch size, device and machine, with the number of answers of
    each."""

    def frame(self) -> pl.DataFrame:
        """Columns response, outcome and finish, a row per chat."""
        return self.answers.select("response", "outcome", "finish")

    @property
    def machines(self) -> list[Machine]:
        """The machines the answers were generated on, where known: cached answers keep the machine of their time."""
        return [
            Machine.model_validate(session["machine"])
            for session in self.sessions
            if session.get("machine") is not None
        ]

    def details(self) -> dict[str, Any]:
        """Counts, cost and provenance for the manifest."""
        return {
            "prompts": self.answers.height,
            "prompts_distinct": self.distinct,
            "answers_generated": self.asked,
            "answers_from_cache": self.distinct - self.asked,
            "prompt_tokens": int(self.answers["prompt_tokens"].sum()),
            "response_tokens": int(self.answers["response_tokens"].sum()),
            "generation_seconds": round(self.seconds, 3),
            "engine": dict(self.engine),
            "sessions": [dict(session) for session in self.sessions],
        }


def generate(engine: Engine, cache_root: Path, chats: Sequence[Messages], log: Log, *, run_id: str) -> GeneratedAnswers:
    """Answer chats through the cache; a request that another process is answering is waited for, not asked twice.

    Raises:
        SgAssetsError: requests ended in ``error``; their answers are not stored, a rerun asks only for them.
    """
    started = time.monotonic()
    cache = AnswerCache(cache_root, engine, run_id, log)
    keys = [request_key(engine.identity, chat) for chat in chats]
    by_key = dict(zip(keys, chats, strict=True))
    failed: set[str] = set()
    asked = 0

    def missing() -> list[str]:
        done = failed.union(cache.find(by_key)["key"])
        return [key for key in by_key if key not in done]

    unanswered = missing()
    stored = len(by_key) - len(unanswered)
    log(f"{len(keys)} prompts, {len(by_key)} distinct: {stored} answered before, {len(unanswered)} to generate")
    while unanswered:
        with cache.leases.claim(missing) as claim:
            failed |= _ask(engine, cache, {key: by_key[key] for key in claim.mine}, log)
            asked += len(claim.mine)
        _wait_for_others(claim.others, claim.taken, log)
        unanswered = missing()
    if failed:
        raise SgAssetsError(
            f"{len(failed)} of {len(by_key)} requests failed",
            why="the other answers are stored",
            remedy="Run the step again",
        )
    stored_answers = cache.find(by_key)
    answers = pl.DataFrame({"key": keys}, schema={"key": pl.String}).join(
        stored_answers, on="key", maintain_order="left"
    )
    seconds = time.monotonic() - started
    return GeneratedAnswers(answers, len(by_key), asked, seconds, engine.identity, cache.sessions(stored_answers))


def _ask(engine: Engine, cache: AnswerCache, chats: Mapping[str, Messages], log: Log) -> set[str]:
    """Ask for chats and store each answer as it arrives; returns the keys whose outcome is ``error``."""
    keys, failed = list(chats), set[str]()
    if not keys:
        return failed
    log(f"{len(keys)} answers to ask for: {_engine_description(engine)}")
    progress = Progress(len(keys), log)
    try:
        for position, answer in engine.answer(list(chats.values())):
            cache.store(keys[position], answer)
            progress.add(answer)
            if answer.outcome == "error":
                failed.add(keys[position])
    finally:
        cache.close()
    progress.finish()
    return failed


def _wait_for_others(leases: Sequence[Path], taken: int, log: Log) -> None:
    cadence = Cadence()

    def report() -> None:
        if cadence.is_due():
            log(f"waiting for {taken} answers that another process is generating")

    wait_for_leases(leases, report)


def _engine_description(engine: Engine) -> str:
    """The engine in a few words: how it decodes, and its batch size."""
    facts = {**engine.identity, **engine.session}
    shown = ("engine", "merged", "dtype", "decoding", "batch_size", "device")
    return ", ".join(f"{name} {str(facts[name]).lower()}" for name in shown if name in facts)
