"""Putting a graph's partitions into an order of runs, upstream first."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sg_assets.declarations.graph import Graph
from sg_assets.errors import SgAssetsError, nearest
from sg_assets.store.refs import Ref


@dataclass(frozen=True)
class Batch:
    """Assets to materialize in one run: all without partitions, or all of one partition."""

    assets: tuple[str, ...]
    partition: str | None

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
        raise SgAssetsError(f"there is no asset '{named.asset}'", remedy=nearest(named.asset, graph.nodes))
    refs = [Ref.of(named.asset, key) for key in node.keys]
    if named.partition is None or named in refs:
        return refs if named.partition is None else [named]
    raise SgAssetsError(f"there is no '{named}'", remedy=nearest(str(named), map(str, refs)))


def batches(graph: Graph, refs: Collection[Ref] | None = None) -> list[Batch]:
    """The partitions given, or every partition of every asset, in as few runs as one partition a run allows.

    Args:
        graph: The assets.
        refs: Partitions together with all they are made from, as `needed` gives them.
    """
    waiting = list(graph.refs if refs is None else refs)
    done: set[Ref] = set()
    found: list[Batch] = []
    while waiting:
        first = next((ref for ref in waiting if ref.partition is None and _ready(graph, ref, done)), None) or next(
            ref for ref in waiting if _ready(graph, ref, done)
        )
        group = _group(graph, first, waiting, done)
        found.append(Batch(tuple(ref.asset for ref in group), first.partition))
        done.update(group)
        waiting = [ref for ref in waiting if ref not in done]
    return found


def _group(graph: Graph, first: Ref, waiting: Collection[Ref], done: set[Ref]) -> list[Ref]:
    """What can run beside ``first``: the same partition of assets with the same partitions, inputs made before."""
    space = graph.nodes[first.asset].space
    group: list[Ref] = []
    for ref in waiting:
        alike = ref.partition == first.partition and graph.nodes[ref.asset].space == space
        if alike and _ready(graph, ref, done.union(group)):
            group.append(ref)
    return group


def _ready(graph: Graph, ref: Ref, done: Collection[Ref]) -> bool:
    return all(one in done for one in graph.inputs(ref.asset, ref.partition))
