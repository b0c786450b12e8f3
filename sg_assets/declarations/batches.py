"""Putting a graph's partitions into an order of runs, upstream first."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sg_assets.declarations.graph import RELEASE, Graph
from sg_assets.errors import NotDeclaredError, nearest
from sg_assets.store.refs import Ref


@dataclass(frozen=True)
class Batch:
    """Assets to materialize in one run: all without partitions, or all of one partition."""

    assets: tuple[str, ...]
    partition: str | None

    @property
    def refs(self) -> tuple[Ref, ...]:
        """What it makes."""
        return tuple(Ref.of(asset, self.partition) for asset in self.assets)

    @property
    def title(self) -> str:
        """The batch in a few words, for a line of progress."""
        schemas = dict.fromkeys(asset.split("/")[0] for asset in self.assets)
        shown = ", ".join(self.assets if len(self.assets) <= 2 else schemas)
        counted = shown if len(self.assets) <= 2 else f"{shown} ({len(self.assets)} assets)"
        return counted if self.partition is None else f"{counted} [{self.partition}]"


def needed(graph: Graph, named: Iterable[Ref]) -> list[Ref]:
    """The partitions named (all of an asset's where none is) and all they are made from, upstream first.

    Raises:
        SgAssetsError: there is no such asset or partition.
    """
    waiting = [ref for one in named for ref in _partitions(graph, one)]
    found: set[Ref] = set()
    while waiting:
        ref = waiting.pop()
        if ref not in found:
            found.add(ref)
            waiting += graph.inputs(ref.asset, ref.partition)
            waiting += [Ref.of(asset, ref.partition) for asset in graph.together(ref.asset)]
    return [ref for ref in graph.refs if ref in found]


def _partitions(graph: Graph, named: Ref) -> list[Ref]:
    node = graph.nodes.get(named.asset)
    if node is None:
        raise NotDeclaredError(f"there is no asset '{named.asset}'", remedy=nearest(named.asset, graph.nodes))
    refs = [Ref.of(named.asset, key) for key in node.keys]
    if named.partition is None or named in refs:
        return refs if named.partition is None else [named]
    raise NotDeclaredError(f"there is no '{named}'", remedy=nearest(str(named), map(str, refs)))


def batches(graph: Graph, refs: Collection[Ref] | None = None) -> list[Batch]:
    """The partitions given, or every partition of every asset, as runs: each after all it reads.

    What holds up the most trainings one after another comes first, so whoever runs several batches at a time has the
    longest chain under way. A run holds assets of one partition that wait for as many trainings and hold up as many:
    what a training needs does not wait for what others need, and no cheap work waits for a training of others.

    Args:
        graph: The assets.
        refs: Partitions, upstream first. What they are made from and is not among them counts as there.
    """
    waiting = list(graph.refs if refs is None else refs)
    before, after = _trainings_before(graph, waiting), _trainings_after(graph, waiting)
    done = set(graph.refs).difference(waiting)
    found: list[Batch] = []
    while waiting:
        first = max((ref for ref in waiting if _ready(graph, ref, done)), key=after.__getitem__)
        alike = [ref for ref in waiting if (before[ref], after[ref]) == (before[first], after[first])]
        group = _group(graph, first, alike, done)
        found.append(Batch(tuple(ref.asset for ref in group), first.partition))
        done.update(group)
        waiting = [ref for ref in waiting if ref not in done]
    return found


def reads(graph: Graph, batch: Batch) -> set[Ref]:
    """What must be there before a batch can run."""
    made = batch.refs
    return {one for ref in made for one in graph.inputs(ref.asset, ref.partition) if one not in made}


def _trainings_before(graph: Graph, refs: Iterable[Ref]) -> dict[Ref, int]:
    """How many trainings the longest chain holds that ends before each partition."""
    found: dict[Ref, int] = {}
    for ref in refs:
        inputs = graph.inputs(ref.asset, ref.partition)
        found[ref] = max((found[one] + _is_training(one) for one in inputs if one in found), default=0)
    return found


def _trainings_after(graph: Graph, refs: Sequence[Ref]) -> dict[Ref, int]:
    """How many trainings the longest chain holds that begins with each partition; what is made together has one.

    A release holds up less than nothing: it may be refused, which is to stop nothing else.
    """
    found: dict[Ref, int] = defaultdict(int, {ref: -1 for ref in refs if ref.asset == RELEASE})
    for ref in reversed(refs):
        longest = found[ref] + _is_training(ref)
        together = [Ref.of(asset, ref.partition) for asset in graph.together(ref.asset)]
        for one in (*together, *graph.inputs(ref.asset, ref.partition)):
            found[one] = max(found[one], longest)
    return found


def _is_training(ref: Ref) -> bool:
    return ref.asset == "models/chat" or ref.schema == "adapters"


def _group(graph: Graph, first: Ref, waiting: Collection[Ref], done: set[Ref]) -> list[Ref]:
    """What can run beside ``first``: the same partition of other assets, inputs made before."""
    group: list[Ref] = []
    for ref in waiting:
        if ref.partition == first.partition and _ready(graph, ref, done.union(group)):
            group.append(ref)
    return group


def _ready(graph: Graph, ref: Ref, done: Collection[Ref]) -> bool:
    return all(one in done for one in graph.inputs(ref.asset, ref.partition))
