"""Putting a graph's partitions into an order of runs, upstream first."""

from collections.abc import Collection
from dataclasses import dataclass

from sg_assets.declarations.graph import Graph
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


def batches(graph: Graph) -> list[Batch]:
    """Every partition of every asset, in as few runs as one partition a run allows."""
    waiting = list(graph.refs)
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
