"""The cost of a plan in money, at the prices that a profile declares."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from sg_assets.declarations.records.profile import Prices
from sg_assets.status.estimates import StepEstimate

GPU_TIME = "GPU time"


class PricedStep(Protocol):
    """The part of a step that prices need."""

    @property
    def estimate(self) -> StepEstimate:
        """Its expected cost."""

    @property
    def paid(self) -> str | None:
        """The endpoint model that the step calls, if any."""


@dataclass(frozen=True)
class Bill:
    """The price of steps."""

    money: float | None
    """At the declared prices; None if nothing has a price."""
    unpriced: tuple[str, ...]
    """Resources without a price."""
    uncounted: tuple[str, ...]
    """Models with a price whose calls are not known before."""


def price_steps(steps: Iterable[PricedStep], pool_seconds: float, prices: Prices | None) -> Bill:
    """Price the calls of steps and the time of the GPU pool; resources without a price are named."""
    paid = [(step.paid, step.estimate) for step in steps if step.paid is not None]
    calls = {} if prices is None else prices.calls
    known = [(model, most) for model, costs in paid if model in calls and (most := _most_calls(costs)) is not None]
    unpriced = {model for model, _ in paid if model not in calls}
    unpriced |= {GPU_TIME} if pool_seconds and prices is None else set()
    parts = [calls[model] * number for model, number in known]
    parts += [pool_seconds / 3600 * prices.training_hour] if pool_seconds and prices is not None else []
    left = {model for model, costs in paid if model in calls and _most_calls(costs) is None}
    return Bill(sum(parts) if parts else None, tuple(sorted(unpriced)), tuple(sorted(left)))


def _most_calls(costs: StepEstimate) -> int | None:
    """The most requests of a step; None where nobody can tell: a step that calls a model has some."""
    most = costs.call_span.high
    return most if most or costs.counted else None
