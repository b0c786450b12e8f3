"""The price of a plan."""

from dataclasses import dataclass, replace

import pytest

from sg_assets.declarations.records.profile import Prices
from sg_assets.status.estimates import StepEstimate
from sg_assets.status.prices import price_steps
from sg_assets.status.render.text import money
from sg_assets_tests.status.planning import RESOURCES, planned
from sg_assets_tests.status.small import SmallGraph


@dataclass(frozen=True)
class PaidStep:
    """A step, as far as money goes."""

    estimate: StepEstimate
    paid: str | None


def test_what_has_no_price_is_named_and_not_free(built: SmallGraph) -> None:
    built.ranks = {**built.ranks, "new": 4}
    cost = planned(built, "new").cost
    assert (cost.money, cost.unpriced) == (None, ("GPU time", "some-model"))
    assert money(cost) == "money: no price declared for GPU time and some-model"


def test_what_has_a_price_is_multiplied_out(built: SmallGraph) -> None:
    built.ranks = {**built.ranks, "new": 4}
    prices = Prices(currency="SGD", training_hour=3600, calls={"some-model": 0.5})
    cost = planned(built, "new", resources=replace(RESOURCES, prices=prices)).cost
    assert cost.money == pytest.approx(7 * 0.5 + cost.pool_seconds)
    assert (cost.currency, cost.unpriced, cost.uncounted) == ("SGD", (), ())


def test_a_model_without_a_price_is_left_out_of_the_money_and_named(built: SmallGraph) -> None:
    built.ranks = {**built.ranks, "new": 4}
    cost = planned(built, "new", resources=replace(RESOURCES, prices=Prices(currency="SGD", training_hour=3600))).cost
    assert cost.money == pytest.approx(cost.pool_seconds)
    assert cost.unpriced == ("some-model",)


def test_calls_that_nobody_can_tell_are_left_out_of_the_money_and_named() -> None:
    step = PaidStep(StepEstimate(None, 0, None, "no earlier version to estimate from"), "some-model")
    bill = price_steps([step], 0, Prices(currency="SGD", training_hour=1, calls={"some-model": 0.5}))
    assert (bill.money, bill.uncounted) == (None, ("some-model",))


def test_a_plan_of_answers_that_are_all_kept_costs_nothing_at_the_endpoint() -> None:
    step = PaidStep(StepEstimate(9, 0, 1.0, "its previous version", counted=True), "some-model")
    bill = price_steps([step], 0, Prices(currency="SGD", training_hour=1, calls={"some-model": 0.5}))
    assert (bill.money, bill.unpriced, bill.uncounted) == (0, (), ())
