"""What is to be done, in which order, at what cost."""

from dataclasses import replace
from pathlib import Path

from sg_assets.status.plan import Obstacle, StepSizes
from sg_assets.status.spans import ANYTHING, NOTHING, Span
from sg_assets.store.refs import Ref
from sg_assets.store.store import Store
from sg_assets_tests.status.planning import RESOURCES, names, planned
from sg_assets_tests.status.small import SmallGraph


def test_nothing_is_planned_where_everything_is_current(built: SmallGraph) -> None:
    plan_of_all = planned(built)
    assert (plan_of_all.batches, plan_of_all.cost.steps) == ((), 0)


def test_a_new_variant_takes_its_training_its_scores_and_the_report(built: SmallGraph) -> None:
    built.ranks = {**built.ranks, "new": 4}
    assert names(planned(built, "new")) == [
        "adapters/sft[new]", "scores/s[new]", "scores/s_items[new]", "reports/results"
    ]  # fmt: skip


def test_a_plan_brings_parents_first(built: SmallGraph) -> None:
    built.comments, built.ranks = 4, {**built.ranks, "new": 4}
    order = [ref for batch in planned(built).batches for ref in batch.refs]
    for index, ref in enumerate(order):
        assert not set(built.graph.inputs(ref.asset, ref.partition)) & set(order[index + 1 :])


def test_a_plan_of_one_variant_leaves_others_out_however_they_stand(built: SmallGraph) -> None:
    built.ranks = {"sft": 16, "kto": 16}
    assert {ref.partition for ref in planned(built, "kto").steps} == {"kto", None}


def test_a_report_of_all_variants_is_left_out_where_others_are_not_there_yet(built: SmallGraph) -> None:
    built.ranks = {**built.ranks, "new": 4, "newer": 4}
    assert "reports/results" not in names(planned(built, "new"))


def test_a_report_that_is_asked_for_brings_all_it_reads(built: SmallGraph) -> None:
    built.ranks = {**built.ranks, "new": 4, "newer": 4}
    steps = names(planned(built, "reports/results"))
    assert {"adapters/sft[new]", "adapters/sft[newer]", "reports/results"} <= set(steps)


def test_what_carrying_out_a_plan_makes_is_the_plan(built: SmallGraph) -> None:
    built.ranks = {**built.ranks, "new": 4}
    plan_of_all = planned(built, "new")
    before = {ref: built.store.head(ref) for ref in built.graph.refs}
    for batch in plan_of_all.batches:
        for ref in batch.refs:
            if ref.table != "s_items":
                built.make(ref)
    moved = [ref for ref in built.graph.refs if built.store.head(ref) != before[ref]]
    assert set(moved) == set(plan_of_all.steps)
    assert planned(built, "new").batches == ()


def test_costs_are_summed_by_pool_calls_and_paid_models(built: SmallGraph) -> None:
    built.ranks = {**built.ranks, "new": 4}
    cost = planned(built, "new").cost
    assert (cost.steps, cost.calls, cost.paid, cost.unknown) == (4, 7, ("some-model",), 0)
    assert cost.pool_seconds == built.store.required_head(Ref.parse("adapters/sft[kto]")).seconds


def test_calls_are_counted_where_requests_are_known(built: SmallGraph) -> None:
    built.ranks = {**built.ranks, "new": 4}
    built.build("adapters/sft[new]")
    cost = planned(
        built,
        "new",
        resources=replace(RESOURCES, calls=lambda status, _: 3 if status.ref.asset == "scores/s" else None),
    ).cost
    assert (cost.calls, cost.counted) == (3, True)


def test_work_that_was_never_done_is_unknown_or_within_declared_sizes(tmp_path: Path) -> None:
    empty = SmallGraph(Store(tmp_path / "store", "small"))
    sizes = {"raw/comments": StepSizes(Span.exactly(3)), "scores/s": StepSizes(ANYTHING, Span(2, 9))}
    resources = replace(RESOURCES, sizes=lambda ref: sizes.get(ref.asset, StepSizes(NOTHING)))
    cost = planned(empty, "raw/comments", resources=resources).cost
    assert (cost.rows, cost.calls, cost.unknown) == (3, 0, 1)
    cost = planned(empty, resources=resources).cost
    assert (cost.rows, cost.calls) == (None, None)
    assert (cost.rows_range, cost.calls_range) == (Span(3), Span(6, 27))


def test_what_cannot_run_is_named_with_all_that_waits_for_it(built: SmallGraph) -> None:
    built.ranks = {**built.ranks, "new": 4}
    missing, gated = Obstacle("no GPU"), Obstacle("no token", certain=False)
    met = {"adapters/sft": (missing,), "scores/s": (gated,)}
    plan = planned(built, "new", resources=replace(RESOURCES, obstacles=lambda ref: met.get(ref.asset, ())))
    assert plan.obstacles == {missing: (Ref.parse("adapters/sft[new]"),), gated: (Ref.parse("scores/s[new]"),)}
    assert list(map(str, plan.held_back)) == names(plan)


def test_what_may_fail_holds_nothing_back(built: SmallGraph) -> None:
    built.ranks = {**built.ranks, "new": 4}
    gated = Obstacle("no token", certain=False)
    plan = planned(built, "new", resources=replace(RESOURCES, obstacles=lambda _: (gated,)))
    assert plan.held_back == ()
    assert [*plan.obstacles] == [gated]
