"""Engines made up for tests, and a process to kill while it generates."""

import os
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sg_assets.generation.generate import GeneratedAnswers, generate
from sg_assets.generation.protocol import Answer, Messages
from sg_assets.store.machine_record import Machine

IDENTITY = {"engine": "test", "model": "m1"}


class CountingEngine:
    """Answers with the prompt in capitals, last chat first, and records the prompts."""

    def __init__(
        self, failing: Sequence[str] = (), log: Path | None = None, pause: float = 0.0, name: str = "counting",
        machine: Machine | None = None,
    ) -> None:  # fmt: skip
        self.asked: list[str] = []
        self._failing = failing
        self._log = log
        self._pause = pause
        self._name = name
        self._machine = {} if machine is None else {"machine": machine.model_dump(mode="json")}

    @property
    def identity(self) -> Mapping[str, Any]:
        return {"engine": self._name}

    @property
    def session(self) -> Mapping[str, Any]:
        return {"libraries": {"counting": "1"}, "batch_size": 1, "device": "cpu", **self._machine}

    def answer(self, chats: Sequence[Messages]) -> Iterator[tuple[int, Answer]]:
        for position in reversed(range(len(chats))):
            prompt = chats[position][-1]["content"]
            self.asked.append(prompt)
            if self._log is not None:
                _append(self._log, f"{prompt}\n")
            time.sleep(self._pause)
            if prompt in self._failing:
                yield position, Answer("error", None, None, None, "no connection")
            else:
                yield position, Answer("ok", prompt.upper(), 1, 2, "stop")


def _append(path: Path, line: str) -> None:
    """One write, so that lines of processes that write at once do not mix."""
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(file, line.encode())
    os.close(file)


def chats(*prompts: str) -> list[list[Mapping[str, str]]]:
    return [[{"role": "user", "content": prompt}] for prompt in prompts]


def numbered(first: int, last: int) -> list[str]:
    return [f"prompt {number}" for number in range(first, last)]


def responses(generated: GeneratedAnswers) -> list[str]:
    return generated.frame()["response"].to_list()


if __name__ == "__main__":
    cache, log, span = Path(sys.argv[1]), Path(sys.argv[2]), (int(sys.argv[3]), int(sys.argv[4]))
    engine = CountingEngine(log=log, pause=0.01)
    generate(engine, cache, chats(*numbered(*span)), lambda _: None, run_id=str(os.getpid()))
