"""What a look at a table found, as the audit keeps it: numbers and keys, never texts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sg_assets.store.audit.conditions import EXAMPLES

_DIGITS = 4


class Finding(Protocol):
    """What was found."""

    @property
    def passed(self) -> bool:
        """Whether it is within what is declared."""

    @property
    def observed(self) -> dict[str, Any]:
        """Numbers and keys for the record."""


@dataclass(frozen=True)
class Found:
    """Rows or texts that have what was looked for."""

    evaluated: int
    failing: int
    at_most: float
    """The share of them that may."""
    examples: Sequence[str] = ()
    """Keys of some of them."""
    compared_with: int | None = None
    """Texts of other tables that they were held against."""

    @property
    def passed(self) -> bool:
        """Whether few enough have it."""
        return self.failing <= self.at_most * self.evaluated

    @property
    def observed(self) -> dict[str, Any]:
        """How many of how many, and which."""
        found: dict[str, Any] = {"evaluated": self.evaluated, "failing": self.failing}
        if self.failing:
            found |= {"share": round(self.failing / self.evaluated, _DIGITS), "at_most": self.at_most}
            found["examples"] = list(self.examples[:EXAMPLES])
        return found if self.compared_with is None else {**found, "compared_with": self.compared_with}


@dataclass(frozen=True)
class Moved:
    """A number beside that of the published version."""

    published: float
    staged: float
    moved: float
    """By how much, as it is bounded."""
    at_most: float

    @property
    def passed(self) -> bool:
        """Whether it moved little enough."""
        return self.moved <= self.at_most

    @property
    def observed(self) -> dict[str, Any]:
        """Both numbers, and the bound."""
        numbers = {"published": self.published, "staged": self.staged, "moved": self.moved}
        return {**{name: round(value, _DIGITS) for name, value in numbers.items()}, "at_most": self.at_most}


@dataclass(frozen=True)
class NothingToCompare:
    """There is no published version to hold the staged one against."""

    why: str
    passed: bool = True

    @property
    def observed(self) -> dict[str, Any]:
        """Why nothing was compared."""
        return {"not_compared": self.why}
