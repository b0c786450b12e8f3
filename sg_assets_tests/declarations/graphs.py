"""Graphs of declarations, for tests that need no tables."""

from sg_assets.declarations import Declarations
from sg_assets.declarations.graph import Graph
from sg_assets.declarations.graph_building import graph_of
from sg_assets.declarations.problems import Problems


def build_graph(declarations: Declarations, *, generated_comments: bool) -> Graph:
    """The graph of a profile, with an error where a declaration is wrong."""
    problems = Problems()
    graph = graph_of(declarations, problems, generated_comments=generated_comments)
    problems.raise_any()
    return graph
