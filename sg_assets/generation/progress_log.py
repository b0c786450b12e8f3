"""Progress lines of a long generation."""

import time
from collections.abc import Callable

from sg_assets.generation.protocol import Answer

_FIRST = 3.0
_EVERY = 10.0
"""Seconds to the first line, and between the lines after it."""


class Cadence:
    """Says when the next progress line is due."""

    def __init__(self) -> None:
        self._due = time.monotonic() + _FIRST

    def is_due(self) -> bool:
        """True a few seconds after the start, then every ten seconds or so."""
        now = time.monotonic()
        if now < self._due:
            return False
        self._due = now + _EVERY
        return True


class Progress:
    """Counts answers and logs their rate."""

    def __init__(self, total: int, log: Callable[[str], None]) -> None:
        self._total = total
        self._log = log
        self._started = time.monotonic()
        self._cadence = Cadence()
        self._answers = 0
        self._tokens = 0

    def add(self, answer: Answer) -> None:
        """Count an answer; logs the count and the time left where a line is due."""
        self._answers += 1
        self._tokens += answer.response_tokens or 0
        if self._answers < self._total and self._cadence.is_due():
            left = (self._total - self._answers) * self._seconds() / self._answers
            self._log(f"{self._answers}/{self._total} answers, {self._rates()}, {left:.0f} s left")

    def finish(self) -> None:
        """Log the total."""
        self._log(f"{self._answers} answers in {self._seconds():.1f} s: {self._rates()}")

    def _rates(self) -> str:
        seconds = self._seconds()
        tokens = f", {self._tokens / seconds:.0f} tokens/s" if self._tokens else ""
        return f"{self._answers / seconds:.1f} answers/s{tokens}"

    def _seconds(self) -> float:
        return max(time.monotonic() - self._started, 1e-9)
