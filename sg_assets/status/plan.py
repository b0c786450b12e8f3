"""The plan that brings partitions up to date: steps, in runs, with their cost."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sg_assets.declarations.batches import Batch, batches, needed
from sg_assets.declarations.graph import Graph
from sg_assets.declarations.records.profile import Prices
from sg_assets.status.estimates import PastVersions, StepEstimate, estimate
from sg_assets.status.partition_status import Need, PartitionStatus, Survey
from sg_assets.status.prices import price_steps
from sg_assets.status.selection import of_variant, readers, selected_refs
from sg_assets.status.spans import ANYTHING, NOTHING, Span, total
from sg_assets.store.refs import Ref
from sg_assets.store.store import Store


@dataclass(frozen=True)
class Obstacle:
    """What keeps a step from running here, or may."""

    problem: str
    """What is missing, and what mends it."""
    certain: bool = True
    """Whether the step fails for sure."""


CallCounter = Callable[[PartitionStatus, Survey], int | None]
"""Counts the model calls of a step; None if its requests are not known before it runs."""


@dataclass(frozen=True)
class StepSizes:
    """Bounds of a step's rows and model calls."""

    rows: Span = ANYTHING
    """0 of what is no table."""
    calls: Span = NOTHING
    """0 of a step that calls no model."""


@dataclass(frozen=True)
class StepResources:
    """The resources of steps besides time: pools, paid models, calls and prices, by asset."""

    pools: Mapping[str, str]
    """The pool that an asset's step waits for."""
    paid: Mapping[str, str]
    """The endpoint model that an asset's step calls."""
    calls: CallCounter = lambda _status, _survey: None
    """Counts a step's calls without a stored answer."""
    prices: Prices | None = None
    """Declared prices."""
    sizes: Callable[[Ref], StepSizes] = lambda _: StepSizes()
    """What declared sizes say of the rows and calls of a step that was never done."""
    obstacles: Callable[[Ref], Sequence[Obstacle]] = lambda _: ()
    """What keeps a partition's step from running here."""


@dataclass(frozen=True)
class PlanStep:
    """One partition that is not up to date."""

    status: PartitionStatus
    estimate: StepEstimate
    """Its expected cost."""
    pool: str | None
    """The pool that the step waits for, if any."""
    paid: str | None
    """The endpoint model that the step calls, if any."""
    obstacles: tuple[Obstacle, ...] = ()
    """What keeps it from running here."""


@dataclass(frozen=True)
class PlanCost:
    """The cost of several steps together."""

    steps: int
    """Steps that work, or may have to."""
    rows: int | None
    """None where they are not known of every step: then ``rows_range`` says what is."""
    calls: int | None
    """Requests to models, at most; None as for ``rows``."""
    counted: bool
    """Whether ``calls`` is an exact count of the requests without a stored answer."""
    pool_seconds: float
    """Time of steps that wait for a pool, such as the GPU's."""
    other_seconds: float
    """Time of the other steps."""
    unknown: int
    """Steps without an estimated time; the times leave them out."""
    paid: tuple[str, ...]
    """Endpoint models that the steps call."""
    money: float | None
    """Cost in money of everything with a price; None if nothing has one."""
    currency: str | None
    """Currency of ``money``."""
    unpriced: tuple[str, ...]
    """Resources without a declared price, ``GPU time`` or models; ``money`` leaves them out."""
    uncounted: tuple[str, ...]
    """Models with a price whose calls are not known before; ``money`` leaves them out."""
    rows_range: Span = NOTHING
    """Rows within what is known of them."""
    calls_range: Span = NOTHING
    """Calls within what is known of them."""
    pool_unknown: int = 0
    """Steps that wait for a pool, among those without an estimated time."""


@dataclass(frozen=True)
class Plan:
    """Runs in order, upstream first, with the steps of each."""

    batches: tuple[Batch, ...]
    steps: Mapping[Ref, PlanStep]
    """Upstream first."""
    prices: Prices | None = None
    """Declared prices."""
    held_back: tuple[Ref, ...] = ()
    """Steps that an obstacle keeps from running here: their own, or one of a step that they wait for."""

    @property
    def obstacles(self) -> dict[Obstacle, tuple[Ref, ...]]:
        """What cannot run here, with the steps that it concerns; what is certain comes first."""
        met: dict[Obstacle, tuple[Ref, ...]] = {}
        for ref, step in self.steps.items():
            for obstacle in step.obstacles:
                met[obstacle] = (*met.get(obstacle, ()), ref)
        return dict(sorted(met.items(), key=lambda entry: not entry[0].certain))

    @property
    def cost(self) -> PlanCost:
        """The cost of all steps; a step that makes several tables counts once."""
        return total_cost(self.steps.values(), self.prices)


def required_refs(graph: Graph, variants: Collection[str], named: Iterable[str], survey: Survey) -> list[Ref]:
    """The partitions that must be up to date for the named ones, with all inputs; all partitions if none is named.

    A variant brings its own partitions, and the reports over all variants if the other variants they read exist.

    Raises:
        SgAssetsError: a name matches no partition.
    """
    names = list(named)
    if not names:
        return list(graph.refs)
    others = [name for name in names if name not in variants]
    own = [ref for name in names if name in variants for ref in of_variant(graph, name)]
    required = set(needed(graph, [*own, *(selected_refs(graph, variants, others) if others else ())]))
    required |= {report for report in readers(graph, own) if _is_possible(graph, report, required, survey)}
    return [ref for ref in graph.refs if ref in required]


def plan(store: Store, graph: Graph, survey: Survey, refs: Collection[Ref], resources: StepResources) -> Plan:
    """The plan of the steps that are not up to date among partitions.

    Args:
        store: The store of past versions, for estimates.
        graph: The declared graph.
        survey: The status of every partition.
        refs: The partitions to bring up to date, with all inputs, as `required_refs` gives them.
        resources: The resources of each asset's step.
    """
    past = PastVersions(status.head for status in survey.values() if status.head is not None)
    outdated = [ref for ref in refs if survey[ref].need is not Need.NOTHING]
    due = {Ref.of(asset, ref.partition) for ref in outdated for asset in graph.step_outputs(ref.asset)}
    runs = tuple(batches(graph, [ref for ref in graph.refs if ref in due]))
    steps = {
        ref: _step(graph, survey, ref, estimate(store, survey[ref], past), resources)
        for batch in runs
        for ref in batch.refs
    }
    return Plan(runs, steps, resources.prices, _held_back(graph, steps))


def total_cost(steps: Iterable[PlanStep], prices: Prices | None = None) -> PlanCost:
    """The cost of steps together, priced where prices are declared."""
    working = [step for step in steps if step.status.need in (Need.WORK, Need.FOLLOW)]
    seconds = [(step.pool is not None, step.estimate.seconds or 0.0) for step in working]
    rows = total(step.estimate.row_span for step in working)
    calls = total(step.estimate.call_span for step in working)
    at_most = [step.estimate.calls for step in working]
    pooled = sum(taken for waits, taken in seconds if waits)
    bill = price_steps(working, pooled, prices)
    return PlanCost(
        steps=len(working),
        rows=rows.low if rows.is_known else None,
        calls=None if None in at_most else sum(number or 0 for number in at_most),
        counted=calls.is_known,
        pool_seconds=pooled,
        other_seconds=sum(taken for waits, taken in seconds if not waits),
        unknown=sum(step.estimate.seconds is None for step in working),
        paid=tuple(sorted({step.paid for step in working if step.paid is not None})),
        money=bill.money,
        currency=None if prices is None else prices.currency,
        unpriced=bill.unpriced,
        uncounted=bill.uncounted,
        rows_range=rows,
        calls_range=calls,
        pool_unknown=sum(step.estimate.seconds is None for step in working if step.pool is not None),
    )


def _held_back(graph: Graph, steps: Mapping[Ref, PlanStep]) -> tuple[Ref, ...]:
    """The steps that cannot run here, and all that wait for them: upstream comes first."""
    held: dict[Ref, None] = {}
    for ref, step in steps.items():
        made_with = Ref.of(graph.nodes[ref.asset].output_of or ref.asset, ref.partition)
        own = any(obstacle.certain for obstacle in step.obstacles)
        if own or made_with in held or any(read in held for read in graph.inputs(ref.asset, ref.partition)):
            held[ref] = None
    return tuple(held)


def _is_possible(graph: Graph, report: Ref, own: Collection[Ref], survey: Survey) -> bool:
    return all(read in own or survey[read].head is not None for read in graph.inputs(report.asset, None))


def _step(graph: Graph, survey: Survey, ref: Ref, costs: StepEstimate, resources: StepResources) -> PlanStep:
    status, first = survey[ref], graph.nodes[ref.asset].output_of
    works = status.need in (Need.WORK, Need.FOLLOW)
    if works:
        costs = _bounded(costs, resources.sizes(ref))
    if first is None and status.need is Need.WORK:
        calls = resources.calls(status, survey)
        costs = costs if calls is None else replace(costs, calls=calls, counted=True)
    if first is not None:  # another step makes it: the work is counted there
        costs = replace(costs, calls=0, seconds=0.0, basis=f"made with {first}", counted=False)
    blocked = () if status.blocked is None else (Obstacle(status.blocked),)
    obstacles = (*blocked, *resources.obstacles(ref)) if works and first is None else ()
    pool, paid = resources.pools.get(ref.asset), resources.paid.get(ref.asset)
    return PlanStep(status, costs, pool, paid, obstacles)


def _bounded(costs: StepEstimate, sizes: StepSizes) -> StepEstimate:
    """An estimate with what declared sizes say where no version does."""
    calls = 0 if sizes.calls == NOTHING and costs.calls is None else costs.calls
    return replace(costs, calls=calls, row_bounds=sizes.rows, call_bounds=sizes.calls)
