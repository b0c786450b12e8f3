"""An objective: a bound that a score of a variant must meet."""

from typing import Literal

from pydantic import model_validator

from sg_assets.declarations.names import SafeName
from sg_assets.declarations.records.base import Record


class Objective(Record):
    """A bound on one of a variant's scores, or on its difference from base."""

    id: SafeName
    description: str
    """The statement that is true if the objective is met, in one sentence."""
    kind: Literal["primary", "secondary"]
    benchmark: SafeName
    """The benchmark of ``scores/<benchmark>``; also ``leaderboard`` and ``divergence``."""
    metric: SafeName
    slice: str
    against_base: bool = False
    """Whether the bound is on the difference, variant minus base, on the items both were asked."""
    at_most: float | None = None
    at_least: float | None = None
    """The bound, ``at_most`` or ``at_least``, in the score's own unit: shares from 0 to 1, leaderboard scores from 0 to
    100."""
    blocks_release: bool = False
    """Whether a variant that does not meet it is not released."""

    @model_validator(mode="after")
    def _one_bound(self) -> "Objective":
        if (self.at_most is None) == (self.at_least is None):
            raise ValueError(f"{self.id}: needs either at_most or at_least")
        return self
