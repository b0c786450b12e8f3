"""What it takes to bring chosen partitions up to date: which steps, in which runs, at what cost."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from sg_assets.declarations.batches import Batch, batches, needed
from sg_assets.declarations.graph import Graph
from sg_assets.declarations.records.profile import Prices
from sg_assets.status.estimates import Estimate, Made, estimate
from sg_assets.status.partition_status import Need, PartitionStatus, Survey
from sg_assets.status.prices import priced
from sg_assets.status.selection import chosen, of_variant, readers
from sg_assets.store.refs import Ref
from sg_assets.store.store import Store

Calls = Callable[[PartitionStatus, Survey], int | None]
"""The calls that a step would make, counted; None where its requests are not known before it runs."""


@dataclass(frozen=True)
class Needs:
    """What the work of assets takes besides time, by asset."""

    pools: Mapping[str, str]
    """The pool it waits for."""
    paid: Mapping[str, str]
    """The model behind an endpoint that it asks."""
    calls: Calls = lambda _standing, _survey: None
    """What its requests come to, against the answers that are kept."""
    prices: Prices | None = None
    """What is paid, where that is declared."""


@dataclass(frozen=True)
class Step:
    """One partition that is not up to date."""

    standing: PartitionStatus
    estimate: Estimate
    pool: str | None
    """The pool its work waits for; None where it waits for none."""
    paid: str | None
    """The model behind an endpoint that it asks."""


@dataclass(frozen=True)
class Cost:
    """What steps take together."""

    steps: int
    """Those that work, or may have to."""
    rows: int
    calls: int
    """Requests to models, at most."""
    counted: bool
    """Whether all calls were counted against the answers that are kept, so that it is as many."""
    pool_seconds: float
    """Of work that waits for a pool, such as the GPU's."""
    other_seconds: float
    unknown: int
    """Steps whose time nobody can tell, and which are left out of it."""
    paid: tuple[str, ...]
    """Models behind endpoints that it asks."""
    money: float | None
    """What is priced of it; None where nothing that it takes has a price."""
    currency: str | None
    unpriced: tuple[str, ...]
    """What it takes that no price is declared for: ``GPU time``, models. It is left out of the money."""
    uncounted: tuple[str, ...]
    """Models with a price whose calls nobody can tell before; they are left out of the money."""


@dataclass(frozen=True)
class Plan:
    """Runs in order, upstream first, with the steps of each."""

    batches: tuple[Batch, ...]
    steps: Mapping[Ref, Step]
    """Upstream first."""
    prices: Prices | None = None

    @property
    def cost(self) -> Cost:
        """Of all of it; each piece of work once, whatever number of tables it makes."""
        return total(self.steps.values(), self.prices)


def reach(graph: Graph, variants: Collection[str], named: Iterable[str], survey: Survey) -> list[Ref]:
    """What has to be up to date for what people name, with all it is made from; everything where nothing is named.

    A variant brings its own partitions, and the reports of all variants where what they read of others is there.

    Raises:
        SgAssetsError: a name stands for nothing.
    """
    names = list(named)
    if not names:
        return list(graph.refs)
    asked = [name for name in names if name not in variants]
    own = [ref for name in names if name in variants for ref in of_variant(graph, name)]
    found = set(needed(graph, [*own, *(chosen(graph, variants, asked) if asked else ())]))
    found |= {one for one in readers(graph, own) if _is_possible(graph, one, found, survey)}
    return [ref for ref in graph.refs if ref in found]


def plan(store: Store, graph: Graph, survey: Survey, refs: Collection[Ref], needs: "Needs") -> Plan:
    """The steps that are not up to date among partitions, in runs.

    Args:
        store: What was made before, which estimates go by.
        graph: What reads what.
        survey: How everything stands.
        refs: What is to be up to date, with all it is made from, as `reach` gives it.
        needs: What the work of each asset takes.
    """
    made = Made(one.head for one in survey.values() if one.head is not None)
    late = [ref for ref in refs if survey[ref].need is not Need.NOTHING]
    due = {Ref.of(asset, ref.partition) for ref in late for asset in graph.step_outputs(ref.asset)}
    runs = tuple(batches(graph, [ref for ref in graph.refs if ref in due]))
    steps = {
        ref: _step(graph, survey, ref, estimate(store, survey[ref], made), needs)
        for batch in runs
        for ref in batch.refs
    }
    return Plan(runs, steps, needs.prices)


def total(steps: Iterable[Step], prices: Prices | None = None) -> Cost:
    """What steps take together, and what of it is paid at the prices."""
    working = [one for one in steps if one.standing.need in (Need.WORK, Need.FOLLOW)]
    seconds = [(one.pool is not None, one.estimate.seconds or 0.0) for one in working]
    pooled = sum(taken for waits, taken in seconds if waits)
    bill = priced(working, pooled, prices)
    return Cost(
        steps=len(working),
        rows=sum(one.estimate.rows or 0 for one in working),
        calls=sum(one.estimate.calls for one in working),
        counted=all(one.estimate.counted or not one.estimate.calls for one in working),
        pool_seconds=pooled,
        other_seconds=sum(taken for waits, taken in seconds if not waits),
        unknown=sum(one.estimate.seconds is None for one in working),
        paid=tuple(sorted({one.paid for one in working if one.paid is not None})),
        money=bill.money,
        currency=None if prices is None else prices.currency,
        unpriced=bill.unpriced,
        uncounted=bill.uncounted,
    )


def _is_possible(graph: Graph, report: Ref, own: Collection[Ref], survey: Survey) -> bool:
    return all(one in own or survey[one].head is not None for one in graph.inputs(report.asset, None))


def _step(graph: Graph, survey: Survey, ref: Ref, costs: Estimate, needs: Needs) -> Step:
    standing, first = survey[ref], graph.nodes[ref.asset].output_of
    if first is None and standing.need is Need.WORK:
        calls = needs.calls(standing, survey)
        costs = costs if calls is None else replace(costs, calls=calls, counted=True)
    if first is not None:  # its work is the other's: counted there
        costs = Estimate(costs.rows, 0, 0.0, f"made with {first}")
    return Step(standing, costs, needs.pools.get(standing.ref.asset), needs.paid.get(standing.ref.asset))
