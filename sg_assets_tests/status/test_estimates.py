"""Estimates from past versions."""

from sg_assets.status.partition_status import Need
from sg_assets.store.refs import Ref
from sg_assets_tests.status.planning import planned
from sg_assets_tests.status.small import SmallGraph


def test_costs_go_by_the_sibling_most_alike(built: SmallGraph) -> None:
    built.ranks = {"sft": 8, "kto": 4, "new": 8}
    built.build("adapters/sft[kto]")
    step = planned(built, "new").steps[Ref.parse("adapters/sft[new]")]
    assert step.estimate.basis == "as for adapters/sft[sft]"
    assert step.estimate.rows == 1
    assert step.estimate.seconds == built.store.required_head(Ref.parse("adapters/sft[sft]")).seconds


def test_costs_go_by_the_version_before_where_there_is_one(built: SmallGraph) -> None:
    built.ranks = {"sft": 16, "kto": 8}
    step = planned(built).steps[Ref.parse("adapters/sft[sft]")]
    assert step.estimate.basis == "its previous version"


def test_confirming_costs_nothing(built: SmallGraph) -> None:
    built.comments = 4
    built.build()
    built.comments = 3
    plan_of_all = planned(built)
    assert {step.status.need for step in plan_of_all.steps.values()} == {Need.CONFIRM}
    assert (plan_of_all.cost.steps, plan_of_all.cost.calls, plan_of_all.cost.pool_seconds) == (0, 0, 0)


def test_calls_are_at_most_those_of_the_sibling_where_requests_are_not_known_before(built: SmallGraph) -> None:
    built.ranks = {**built.ranks, "new": 4}
    cost = planned(built, "new").cost
    assert (cost.calls, cost.counted) == (7, False)
