"""Whether a loaded model has its adapter's effect: asked before the first item of any scoring."""

from collections.abc import Callable, Sequence
from typing import Final

from pydantic import BaseModel, ConfigDict

from sg_assets.adapters.adapted_model import Application
from sg_assets.adapters.probe import AdapterProbe
from sg_assets.adapters.probe_chats import ProbeItem
from sg_assets.errors import SgAssetsError

AT_LEAST: Final = 0.9
"""The share of an adapter's effect that a model needs, where nothing is declared."""
IN_FLOAT32: Final = 0.99
"""The share that is needed in float32, which loses nothing: two trainings that differ in their seed alone may be at
0.97."""
_NONE_APPLIED: Final = 0.05
"""Below this share of the effect's size, measured from base, no adapter is applied."""

LogProbabilities = Callable[[Sequence[ProbeItem]], Sequence[float]]
"""The log-probability that an engine gives to each token of each answer, in order: a loaded model, or an endpoint that
gives the log-probabilities of a prompt."""


class ModelCheck(BaseModel):
    """How a model is loaded that an adapter's probe is held against."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    application: Application
    dtype: str
    at_least: float = AT_LEAST
    """As declared."""

    @property
    def needed(self) -> float:
        """The share of the effect that the model needs."""
        return max(self.at_least, IN_FLOAT32) if self.dtype == "float32" else self.at_least


def require_effect(probe: AdapterProbe, measure: LogProbabilities, check: ModelCheck, *, where: str) -> float:
    """The share of an adapter's effect that a loaded model has.

    Args:
        probe: The adapter's.
        measure: Gives the log-probabilities of the model.
        check: How the model was loaded, and what share is declared.
        where: The adapter, for the error.

    Raises:
        SgAssetsError: the share is below what is needed; says which was seen, the likely cause, and what mends it.
    """
    loaded = measure(probe.items)
    share = probe.share(loaded)
    if share >= check.needed:  # never so for NaN
        return round(share, 4)
    cause, remedy = _cause(probe, loaded, check)
    raise SgAssetsError(
        f"the model has {max(share, 0.0):.1%} of its adapter's effect, {check.needed:.0%} are needed",
        where=where,
        why=f"{cause} ({check.application}, {check.dtype}; measured on {len(loaded)} tokens of fixed answers)",
        remedy=remedy,
    )


def _cause(probe: AdapterProbe, loaded: Sequence[float], check: ModelCheck) -> tuple[str, str]:
    moved = [now - before for now, before in zip(loaded, probe.base, strict=True)]
    effect = [then - before for then, before in zip(probe.adapted, probe.base, strict=True)]
    size = sum(step**2 for step in effect)
    along = sum(step * wanted for step, wanted in zip(moved, effect, strict=True)) / size if size else 0.0
    if check.dtype != "float32" and along < IN_FLOAT32 + _NONE_APPLIED:
        return (
            f"{check.dtype} rounds away what a small adapter adds, or another adapter is loaded",
            "Declare `dtype: float32`"
            + (", or `adapter: unmerged`, which keeps more" if check.application == "merged" else ""),
        )
    if abs(along) < _NONE_APPLIED:
        return "it answers as the chat model does without an adapter", "Load the adapter, and ask for it by its name"
    return (
        "it answers with another adapter, or on another chat model, than the probe was made with",
        "Load the adapter of this version on the chat model it was trained on",
    )
