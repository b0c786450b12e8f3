"""The asset graph as plain data: which assets exist, their partitions, and which partitions each reads.

One statement serves two readers: Dagster (partition mappings) and the store (the versions a step pins), so the
lineage drawn and the lineage recorded cannot differ.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from sg_assets.store.refs import Ref


@dataclass(frozen=True)
class Edge:
    """An asset read by another, partition by partition."""

    upstream: str
    partitions: Mapping[str | None, tuple[str | None, ...]]
    """Downstream partition (None if it has none) to the upstream partitions it reads."""


@dataclass(frozen=True)
class Node:
    """An asset: its partitions and what it reads."""

    asset: str
    partitions: tuple[str, ...] | None
    """Its partition keys; None where it has no partitions."""
    edges: tuple[Edge, ...] = ()
    output_of: str | None = None
    """The asset whose step writes this asset too, always both; None where the asset has a step of its own."""

    @property
    def keys(self) -> tuple[str | None, ...]:
        """Its partitions as keys of `Edge.partitions`."""
        return self.partitions if self.partitions is not None else (None,)


@dataclass(frozen=True)
class Graph:
    """Every asset of a profile."""

    nodes: Mapping[str, Node]
    """By ``schema/table``, upstream first."""

    def inputs(self, asset: str, partition: str | None) -> tuple[Ref, ...]:
        """The asset partitions that one partition of an asset reads, in a fixed order."""
        node = self.nodes[asset]
        return tuple(
            Ref.of(edge.upstream, upstream) for edge in node.edges for upstream in edge.partitions.get(partition, ())
        )

    def step_outputs(self, asset: str) -> list[str]:
        """The assets that the step of an asset writes, the asset among them."""
        first = self.nodes[asset].output_of or asset
        return [name for name, node in self.nodes.items() if first in (name, node.output_of)]

    @cached_property
    def refs(self) -> tuple[Ref, ...]:
        """Every partition of every asset, upstream first."""
        return tuple(Ref.of(node.asset, key) for node in self.nodes.values() for key in node.keys)
