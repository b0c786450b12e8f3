"""Findings of an inspection, as the audit records them: numbers and keys, never texts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sg_assets.store.audit.conditions import EXAMPLES

_DIGITS = 4


class Finding(Protocol):
    """The result of an inspection."""

    @property
    def passed(self) -> bool:
        """Whether it is within the declared bound."""

    @property
    def observed(self) -> dict[str, Any]:
        """Numbers and keys for the audit record."""


@dataclass(frozen=True)
class TextMatches:
    """Rows or texts that match an inspection."""

    evaluated: int
    """Rows or texts inspected."""
    failing: int
    """Those that match."""
    at_most: float
    """The share that may match."""
    examples: Sequence[str] = ()
    """Keys of some that match."""
    compared_with: int | None = None
    """Number of texts of other tables they were compared with."""

    @property
    def passed(self) -> bool:
        """Whether few enough match."""
        return self.failing <= self.at_most * self.evaluated

    @property
    def observed(self) -> dict[str, Any]:
        """Counts, share and keys of examples."""
        observed: dict[str, Any] = {"evaluated": self.evaluated, "failing": self.failing}
        if self.failing:
            observed |= {"share": round(self.failing / self.evaluated, _DIGITS), "at_most": self.at_most}
            observed["examples"] = list(self.examples[:EXAMPLES])
        return observed if self.compared_with is None else {**observed, "compared_with": self.compared_with}


@dataclass(frozen=True)
class DriftFinding:
    """A number of the staged table compared with that of the published version."""

    published: float
    """The number in the published version."""
    staged: float
    """The number in the staged table."""
    moved: float
    """The change, in the unit of the bound."""
    at_most: float
    """The declared bound."""

    @property
    def passed(self) -> bool:
        """Whether the change is within the bound."""
        return self.moved <= self.at_most

    @property
    def observed(self) -> dict[str, Any]:
        """Both numbers, the change, and the bound."""
        numbers = {"published": self.published, "staged": self.staged, "moved": self.moved}
        return {**{name: round(value, _DIGITS) for name, value in numbers.items()}, "at_most": self.at_most}


@dataclass(frozen=True)
class NotCompared:
    """The staged table could not be compared, which passes."""

    why: str
    """Why nothing was compared."""
    passed: bool = True

    @property
    def observed(self) -> dict[str, Any]:
        """Why nothing was compared."""
        return {"not_compared": self.why}
