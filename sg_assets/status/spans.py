"""Numbers that are known within bounds: the rows and calls of work that was never done."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Span:
    """A whole number from ``low`` to ``high``, both included."""

    low: int = 0
    high: int | None = None
    """None where no bound is known."""

    @classmethod
    def exactly(cls, number: int) -> "Span":
        """A number that is known."""
        return cls(number, number)

    @property
    def is_known(self) -> bool:
        """Whether it is one number."""
        return self.low == self.high

    def __add__(self, other: "Span") -> "Span":
        """The sum of two."""
        high = None if self.high is None or other.high is None else self.high + other.high
        return Span(self.low + other.low, high)

    def __str__(self) -> str:
        """``12,500 to 54,000``, ``up to 64``, ``at least 8,000``, ``36,000``, or ``?``."""
        if self.high is None:
            return f"at least {self.low:,}" if self.low else "?"
        if self.is_known:
            return f"{self.low:,}"
        return f"{self.low:,} to {self.high:,}" if self.low else f"up to {self.high:,}"


ANYTHING: Final = Span()
"""A number of which nothing is known."""
NOTHING: Final = Span(0, 0)


def total(spans: Iterable[Span]) -> Span:
    """The sum of all."""
    return sum(spans, start=NOTHING)
