"""What is to be done, in which order, at what cost."""

from dataclasses import dataclass, replace

import pytest

from sg_assets.declarations.records.profile import Prices
from sg_assets.errors import SgAssetsError
from sg_assets.status.estimates import Estimate
from sg_assets.status.partition_status import Need
from sg_assets.status.plan import Needs, Plan, plan, reach
from sg_assets.status.prices import priced
from sg_assets.status.render.text import money
from sg_assets.status.selection import chosen
from sg_assets.store.refs import Ref
from sg_assets_tests.status.small import Small

NEEDS = Needs({"adapters/sft": "gpu"}, {"scores/s": "some-model"})


def planned(found: Small, *names: str, needs: Needs = NEEDS) -> Plan:
    standings = found.survey()
    return plan(found.store, found.graph, standings, reach(found.graph, found.variants, names, standings), needs)


@dataclass(frozen=True)
class ModelCallConfig:
    """A step, as far as money goes."""

    estimate: Estimate
    paid: str | None


def names(found: Plan) -> list[str]:
    return [str(ref) for ref in found.steps]


def test_nothing_is_planned_where_everything_is_current(built: Small) -> None:
    found = planned(built)
    assert (found.batches, found.cost.steps) == ((), 0)


def test_a_new_variant_takes_its_training_its_scores_and_the_report(built: Small) -> None:
    built.ranks = {**built.ranks, "new": 4}
    assert names(planned(built, "new")) == [
        "adapters/sft[new]", "scores/s[new]", "scores/s_items[new]", "reports/results"
    ]  # fmt: skip


def test_a_plan_brings_parents_first(built: Small) -> None:
    built.comments, built.ranks = 4, {**built.ranks, "new": 4}
    order = [ref for batch in planned(built).batches for ref in batch.refs]
    for place, ref in enumerate(order):
        assert not set(built.graph.inputs(ref.asset, ref.partition)) & set(order[place + 1 :])


def test_a_plan_of_one_variant_leaves_others_out_however_they_stand(built: Small) -> None:
    built.ranks = {"sft": 16, "kto": 16}
    assert {ref.partition for ref in planned(built, "kto").steps} == {"kto", None}


def test_a_report_of_all_variants_is_left_out_where_others_are_not_there_yet(built: Small) -> None:
    built.ranks = {**built.ranks, "new": 4, "newer": 4}
    assert "reports/results" not in names(planned(built, "new"))


def test_a_report_that_is_asked_for_brings_all_it_reads(built: Small) -> None:
    built.ranks = {**built.ranks, "new": 4, "newer": 4}
    found = names(planned(built, "reports/results"))
    assert {"adapters/sft[new]", "adapters/sft[newer]", "reports/results"} <= set(found)


def test_what_carrying_out_a_plan_makes_is_the_plan(built: Small) -> None:
    built.ranks = {**built.ranks, "new": 4}
    found = planned(built, "new")
    before = {ref: built.store.head(ref) for ref in built.graph.refs}
    for batch in found.batches:
        for ref in batch.refs:
            if ref.table != "s_items":
                built.make(ref)
    moved = [ref for ref in built.graph.refs if built.store.head(ref) != before[ref]]
    assert set(moved) == set(found.steps)
    assert planned(built, "new").batches == ()


def test_costs_go_by_the_sibling_most_alike(built: Small) -> None:
    built.ranks = {"sft": 8, "kto": 4, "new": 8}
    built.build("adapters/sft[kto]")
    step = planned(built, "new").steps[Ref.parse("adapters/sft[new]")]
    assert step.estimate.basis == "as for adapters/sft[sft]"
    assert step.estimate.rows == 1
    assert step.estimate.seconds == built.store.required_head(Ref.parse("adapters/sft[sft]")).seconds


def test_costs_go_by_the_version_before_where_there_is_one(built: Small) -> None:
    built.ranks = {"sft": 16, "kto": 8}
    step = planned(built).steps[Ref.parse("adapters/sft[sft]")]
    assert step.estimate.basis == "its version before"


def test_confirming_costs_nothing(built: Small) -> None:
    built.comments = 4
    built.build()
    built.comments = 3
    found = planned(built)
    assert {step.standing.need for step in found.steps.values()} == {Need.CONFIRM}
    assert (found.cost.steps, found.cost.calls, found.cost.pool_seconds) == (0, 0, 0)


def test_costs_are_summed_by_pool_calls_and_paid_models(built: Small) -> None:
    built.ranks = {**built.ranks, "new": 4}
    cost = planned(built, "new").cost
    assert (cost.steps, cost.calls, cost.paid, cost.unknown) == (4, 7, ("some-model",), 0)
    assert cost.pool_seconds == built.store.required_head(Ref.parse("adapters/sft[kto]")).seconds


def test_calls_are_at_most_those_of_the_sibling_where_requests_are_not_known_before(built: Small) -> None:
    built.ranks = {**built.ranks, "new": 4}
    cost = planned(built, "new").cost
    assert (cost.calls, cost.counted) == (7, False)


def test_calls_are_counted_where_requests_are_known(built: Small) -> None:
    built.ranks = {**built.ranks, "new": 4}
    built.build("adapters/sft[new]")
    cost = planned(
        built, "new", needs=replace(NEEDS, calls=lambda one, _: 3 if one.ref.asset == "scores/s" else None)
    ).cost
    assert (cost.calls, cost.counted) == (3, True)


def test_what_has_no_price_is_named_and_not_free(built: Small) -> None:
    built.ranks = {**built.ranks, "new": 4}
    cost = planned(built, "new").cost
    assert (cost.money, cost.unpriced) == (None, ("GPU time", "some-model"))
    assert money(cost) == "money: no price declared for GPU time and some-model"


def test_what_has_a_price_is_multiplied_out(built: Small) -> None:
    built.ranks = {**built.ranks, "new": 4}
    prices = Prices(currency="SGD", training_hour=3600, calls={"some-model": 0.5})
    cost = planned(built, "new", needs=replace(NEEDS, prices=prices)).cost
    assert cost.money == pytest.approx(7 * 0.5 + cost.pool_seconds)
    assert (cost.currency, cost.unpriced, cost.uncounted) == ("SGD", (), ())


def test_a_model_without_a_price_is_left_out_of_the_money_and_named(built: Small) -> None:
    built.ranks = {**built.ranks, "new": 4}
    cost = planned(built, "new", needs=replace(NEEDS, prices=Prices(currency="SGD", training_hour=3600))).cost
    assert cost.money == pytest.approx(cost.pool_seconds)
    assert cost.unpriced == ("some-model",)


def test_calls_that_nobody_can_tell_are_left_out_of_the_money_and_named() -> None:
    step = ModelCallConfig(Estimate(None, 0, None, "nothing like it was made yet"), "some-model")
    bill = priced([step], 0, Prices(currency="SGD", training_hour=1, calls={"some-model": 0.5}))
    assert (bill.money, bill.uncounted) == (None, ("some-model",))


def test_a_plan_of_answers_that_are_all_kept_costs_nothing_at_the_endpoint() -> None:
    step = ModelCallConfig(Estimate(9, 0, 1.0, "its version before", counted=True), "some-model")
    bill = priced([step], 0, Prices(currency="SGD", training_hour=1, calls={"some-model": 0.5}))
    assert (bill.money, bill.unpriced, bill.uncounted) == (0, (), ())


@pytest.mark.parametrize(("name", "told"), [
    ("ktoo", "Did you mean 'kto'"), ("scores/t", "Did you mean 'scores/s'"), ("scores/s[no]", "there is no"),
    ("../etc", "names no asset"),
])  # fmt: skip
def test_a_name_that_stands_for_nothing_says_the_nearest(built: Small, name: str, told: str) -> None:
    with pytest.raises(SgAssetsError, match=told):
        chosen(built.graph, built.variants, [name])


def test_a_schema_an_asset_and_a_partition_can_be_named(built: Small) -> None:
    def found(name: str) -> list[str]:
        return [str(ref) for ref in chosen(built.graph, built.variants, [name])]

    assert found("adapters") == found("adapters/sft") == ["adapters/sft[sft]", "adapters/sft[kto]"]
    assert found("adapters/sft[kto]") == ["adapters/sft[kto]"]
