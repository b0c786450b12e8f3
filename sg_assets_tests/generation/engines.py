"""Engines made up for tests, and a process to kill while it generates."""

import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sg_assets.generation.answers import Answer, Messages
from sg_assets.generation.generate import generate


class CountingEngine:
    """Answers with the prompt in capitals, last chat first, and keeps what it was asked."""

    def __init__(self, failing: Sequence[str] = (), log: Path | None = None, pause: float = 0.0) -> None:
        self.asked: list[str] = []
        self._failing = failing
        self._log = log
        self._pause = pause

    @property
    def identity(self) -> Mapping[str, Any]:
        return {"engine": "counting"}

    @property
    def session(self) -> Mapping[str, Any]:
        return {}

    def answer(self, chats: Sequence[Messages]) -> Iterator[tuple[int, Answer]]:
        for place in reversed(range(len(chats))):
            prompt = chats[place][-1]["content"]
            self.asked.append(prompt)
            if self._log is not None:
                with self._log.open("a") as file:
                    file.write(f"{prompt}\n")
            time.sleep(self._pause)
            if prompt in self._failing:
                yield place, Answer("error", None, None, None, "no connection")
            else:
                yield place, Answer("ok", prompt.upper(), 1, 2, "stop")


def chats(*prompts: str) -> list[list[Mapping[str, str]]]:
    return [[{"role": "user", "content": prompt}] for prompt in prompts]


if __name__ == "__main__":
    cache, log = map(Path, sys.argv[1:])
    engine = CountingEngine(log=log, pause=0.01)
    generate(engine, cache, chats(*(f"prompt {number}" for number in range(60))), lambda _: None)
