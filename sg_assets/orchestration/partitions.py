"""The graph's partitions and edges as Dagster's partition definitions and mappings."""

import dagster as dg

from sg_assets.declarations.graph import Edge, Node


def partitions(node: Node) -> dg.PartitionsDefinition[str] | None:
    """Static partitions from the declared keys: git is the truth."""
    return None if node.partitions is None else dg.StaticPartitionsDefinition(list(node.partitions))


def dependency(edge: Edge, node: Node, upstream: Node) -> dg.AssetDep:
    """A Dagster dependency that maps partitions exactly as the edge says."""
    return dg.AssetDep(dg.AssetKey(edge.upstream.split("/")), partition_mapping=_mapping(edge, node, upstream))


def _mapping(edge: Edge, node: Node, upstream: Node) -> dg.PartitionMapping | None:
    if upstream.partitions is None:
        return None
    if node.partitions is None:
        read_keys = edge.partitions[None]
        if set(read_keys) == set(upstream.partitions):
            return dg.AllPartitionMapping()
        return dg.SpecificPartitionsPartitionMapping([key for key in read_keys if key is not None])
    downstream: dict[str, set[str]] = {}
    for key, read_keys in edge.partitions.items():
        for upstream_key in read_keys:
            downstream.setdefault(str(upstream_key), set()).add(str(key))
    return dg.StaticPartitionMapping({key: sorted(keys) for key, keys in sorted(downstream.items())})
