"""The graph as plain data: inputs, partitions, and the outputs of a step."""

from sg_assets.declarations.graph import Edge, Graph, Node
from sg_assets.store.refs import Ref

GRAPH = Graph(
    {
        "raw/a": Node("raw/a", None),
        "raw/b": Node("raw/b", None, output_of="raw/a"),
        "scores/s": Node("scores/s", ("x", "y"), (Edge("raw/a", {"x": (None,), "y": ()}),)),
        "reports/r": Node("reports/r", None, (Edge("scores/s", {None: ("x", "y")}),)),
    }
)


def test_a_partition_reads_what_its_edges_say_of_it() -> None:
    assert GRAPH.inputs("scores/s", "x") == (Ref.parse("raw/a"),)
    assert GRAPH.inputs("scores/s", "y") == ()


def test_a_whole_asset_reads_the_partitions_of_its_edges() -> None:
    assert [str(ref) for ref in GRAPH.inputs("reports/r", None)] == ["scores/s[x]", "scores/s[y]"]


def test_the_outputs_of_a_step_are_the_same_whichever_is_named() -> None:
    assert GRAPH.step_outputs("raw/a") == GRAPH.step_outputs("raw/b") == ["raw/a", "raw/b"]


def test_every_partition_comes_after_what_it_reads() -> None:
    assert [str(ref) for ref in GRAPH.refs] == ["raw/a", "raw/b", "scores/s[x]", "scores/s[y]", "reports/r"]
