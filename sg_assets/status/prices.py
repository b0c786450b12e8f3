"""What the steps of a plan cost in money, at the prices a profile declares."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from sg_assets.declarations.records.profile import Prices
from sg_assets.status.estimates import Estimate

GPU_TIME = "GPU time"


class Paid(Protocol):
    """A step, as far as money goes."""

    @property
    def estimate(self) -> Estimate:
        """What it takes."""

    @property
    def paid(self) -> str | None:
        """The model behind an endpoint that it asks."""


@dataclass(frozen=True)
class Bill:
    """What is paid for steps."""

    money: float | None
    """At the declared prices; None where nothing that is taken has one."""
    unpriced: tuple[str, ...]
    """What is taken and has no price."""
    uncounted: tuple[str, ...]
    """Models with a price whose calls nobody can tell before."""


def priced(steps: Iterable[Paid], pool_seconds: float, prices: Prices | None) -> Bill:
    """Price the calls of steps and the time of the GPU pool; what has no price is named, never counted as nothing."""
    asked = [(one.paid, one.estimate) for one in steps if one.paid is not None]
    calls = {} if prices is None else prices.calls
    known = [(model, costs.calls) for model, costs in asked if model in calls and (costs.calls or costs.counted)]
    unpriced = {model for model, _ in asked if model not in calls}
    unpriced |= {GPU_TIME} if pool_seconds and prices is None else set()
    parts = [calls[model] * number for model, number in known]
    parts += [pool_seconds / 3600 * prices.training_hour] if pool_seconds and prices is not None else []
    left = {model for model, costs in asked if model in calls and not (costs.calls or costs.counted)}
    return Bill(sum(parts) if parts else None, tuple(sorted(unpriced)), tuple(sorted(left)))
