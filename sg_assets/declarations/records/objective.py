"""An objective: a bound that a score of a variant is held to."""

from typing import Literal

from pydantic import model_validator

from sg_assets.declarations.names import SafeName
from sg_assets.declarations.records.base import Record


class Objective(Record):
    """A bound on one of a variant's scores, or on its difference from base."""

    id: SafeName
    description: str
    """The statement that holds when it is met, in one sentence."""
    kind: Literal["primary", "secondary"]
    benchmark: SafeName
    """Of ``scores/<benchmark>``; ``leaderboard`` and ``divergence`` too."""
    metric: SafeName
    slice: str
    against_base: bool = False
    """Whether the bound is on the difference, variant minus base, on the items both were asked."""
    at_most: float | None = None
    at_least: float | None = None
    """One of the two, in the score's own unit: shares from 0 to 1, leaderboard scores from 0 to 100."""
    blocks_release: bool = False
    """Whether a variant that does not meet it is not released."""

    @model_validator(mode="after")
    def _one_bound(self) -> "Objective":
        if (self.at_most is None) == (self.at_least is None):
            raise ValueError(f"{self.id}: needs either at_most or at_least")
        return self
