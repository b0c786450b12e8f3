"""Putting a graph's partitions into an order of runs, upstream first."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sg_assets.declarations.asset_names import CHAT_MODEL, RELEASE
from sg_assets.declarations.graph import Graph
from sg_assets.declarations.kinds.registry import kind_of
from sg_assets.errors import NotDeclaredError, nearest
from sg_assets.store.refs import Ref


@dataclass(frozen=True)
class Batch:
    """Assets to materialize in one run: all without partitions, or all of one partition."""

    assets: tuple[str, ...]
    partition: str | None

    @property
    def refs(self) -> tuple[Ref, ...]:
        """The partitions it makes."""
        return tuple(Ref.of(asset, self.partition) for asset in self.assets)

    @property
    def title(self) -> str:
        """The batch in a few words, for a line of progress."""
        schemas = dict.fromkeys(asset.split("/")[0] for asset in self.assets)
        shown = ", ".join(self.assets if len(self.assets) <= 2 else schemas)
        counted = shown if len(self.assets) <= 2 else f"{shown} ({len(self.assets)} assets)"
        return counted if self.partition is None else f"{counted} [{self.partition}]"


def needed(graph: Graph, named: Iterable[Ref]) -> list[Ref]:
    """The partitions named (every partition of an asset named without one) and all their ancestors, upstream first.

    Raises:
        SgAssetsError: there is no such asset or partition.
    """
    waiting = [ref for name in named for ref in _partitions(graph, name)]
    wanted: set[Ref] = set()
    while waiting:
        ref = waiting.pop()
        if ref not in wanted:
            wanted.add(ref)
            waiting += graph.inputs(ref.asset, ref.partition)
            waiting += [Ref.of(asset, ref.partition) for asset in graph.step_outputs(ref.asset)]
    return [ref for ref in graph.refs if ref in wanted]


def _partitions(graph: Graph, named: Ref) -> list[Ref]:
    node = graph.nodes.get(named.asset)
    if node is None:
        raise NotDeclaredError(f"unknown asset '{named.asset}'", remedy=nearest(named.asset, graph.nodes))
    refs = [Ref.of(named.asset, key) for key in node.keys]
    if named.partition is None or named in refs:
        return refs if named.partition is None else [named]
    raise NotDeclaredError(f"unknown partition '{named}'", remedy=nearest(str(named), map(str, refs)))


def batches(graph: Graph, refs: Collection[Ref] | None = None) -> list[Batch]:
    """The partitions given, or every partition of every asset, as runs: each after all it reads.

    The partition that most trainings in a row wait for comes first, so whoever runs several batches at a time has the
    longest chain under way. A run holds assets of one partition that wait for as many trainings and hold up as many:
    the inputs of a training do not wait for the inputs of others, and no cheap work waits for a training of others.
    Of equal ones, those of one chat model come together: a process that has loaded it serves them all.

    Args:
        graph: The assets.
        refs: Partitions, upstream first. Inputs of theirs that are not among them count as made.
    """
    waiting = list(graph.refs if refs is None else refs)
    before, after = _trainings_before(graph, waiting), _trainings_after(graph, waiting)
    done = set(graph.refs).difference(waiting)
    models = {ref: _chat_model(graph, ref) for ref in waiting}
    runs: list[Batch] = []
    model: Ref | None = None
    while waiting:
        ready = (ref for ref in waiting if _is_ready(graph, ref, done))
        first = max(ready, key=lambda ref: (after[ref], models[ref] in (None, model)))
        level = [ref for ref in waiting if (before[ref], after[ref]) == (before[first], after[first])]
        group = _group(graph, first, level, done)
        runs.append(Batch(tuple(ref.asset for ref in group), first.partition))
        model = next((models[ref] for ref in group if models[ref] is not None), model)
        done.update(group)
        waiting = [ref for ref in waiting if ref not in done]
    return runs


def reads(graph: Graph, batch: Batch) -> set[Ref]:
    """The partitions that must be made before a batch can run."""
    made = batch.refs
    return {read for ref in made for read in graph.inputs(ref.asset, ref.partition) if read not in made}


def _chat_model(graph: Graph, ref: Ref) -> Ref | None:
    """The chat model that a partition is made with, if any."""
    return next((read for read in graph.inputs(ref.asset, ref.partition) if read.asset == CHAT_MODEL), None)


def _trainings_before(graph: Graph, refs: Iterable[Ref]) -> dict[Ref, int]:
    """How many trainings the longest chain holds that ends before each partition."""
    lengths: dict[Ref, int] = {}
    for ref in refs:
        inputs = [read for read in graph.inputs(ref.asset, ref.partition) if read in lengths]
        lengths[ref] = max((lengths[read] + kind_of(read.asset).trains for read in inputs), default=0)
    return lengths


def _trainings_after(graph: Graph, refs: Sequence[Ref]) -> dict[Ref, int]:
    """How many trainings the longest chain holds that begins with each partition; outputs of one step share it.

    A release holds up less than nothing: it may be refused, which is to stop nothing else.
    """
    lengths: dict[Ref, int] = defaultdict(int, {ref: -1 for ref in refs if ref.asset == RELEASE})
    for ref in reversed(refs):
        longest = lengths[ref] + kind_of(ref.asset).trains
        outputs = [Ref.of(asset, ref.partition) for asset in graph.step_outputs(ref.asset)]
        for earlier in (*outputs, *graph.inputs(ref.asset, ref.partition)):
            lengths[earlier] = max(lengths[earlier], longest)
    return lengths


def _group(graph: Graph, first: Ref, waiting: Collection[Ref], done: set[Ref]) -> list[Ref]:
    """What can run with ``first``: the same partition of other assets, inputs made before."""
    group: list[Ref] = []
    for ref in waiting:
        if ref.partition == first.partition and _is_ready(graph, ref, done.union(group)):
            group.append(ref)
    return group


def _is_ready(graph: Graph, ref: Ref, done: Collection[Ref]) -> bool:
    return all(read in done for read in graph.inputs(ref.asset, ref.partition))
