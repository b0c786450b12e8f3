"""The shipped graph with bodies that only make a new data version: for proofs about partitions, not about work."""

from uuid import uuid4

import dagster as dg

from sg_assets.declarations.graph import Edge, Graph, Node
from sg_assets.orchestration.partitions import dependency, partitions
from sg_assets.orchestration.project import load_project

COMPARISON = "scores/against_base"
"""An asset that compares every variant with base, as objectives do."""


def _with_comparison(graph: Graph) -> Graph:
    space = graph.nodes["scores/sg_safety"].partitions
    assert space is not None
    edge = Edge("scores/sg_safety", {key: tuple(dict.fromkeys(("base", key))) for key in space})
    return Graph({**graph.nodes, COMPARISON: Node(COMPARISON, space, (edge,))})


def _trivial(graph: Graph, node: Node) -> dg.AssetsDefinition:
    @dg.asset(
        key=dg.AssetKey(node.asset.split("/")),
        deps=[dependency(edge, node, graph.nodes[edge.upstream]) for edge in node.edges],
        partitions_def=partitions(node),
    )
    def body() -> dg.MaterializeResult[None]:
        return dg.MaterializeResult(data_version=dg.DataVersion(uuid4().hex))

    return body


@dg.definitions
def defs() -> dg.Definitions:
    graph = _with_comparison(load_project().graph)
    return dg.Definitions(
        assets=[_trivial(graph, node) for node in graph.nodes.values()], executor=dg.in_process_executor
    )
