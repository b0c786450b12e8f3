"""Acceptances of the small graph."""

from collections.abc import Iterable

from sg_assets.status.acceptance import Acceptances, acceptances
from sg_assets.status.partition_status import State
from sg_assets.status.record_acceptance import record
from sg_assets.status.selection import named_refs
from sg_assets.store.refs import Ref
from sg_assets_tests.status.small import SmallGraph

SCORE, ITEMS = Ref.parse("scores/s[base]"), Ref.parse("scores/s_items[base]")
ADAPTER, SCORES = "def train(): return 1\n", "def score(): return 1\n"
SFT = Ref.parse("adapters/sft[sft]")


def accepting(graph: SmallGraph, *names: str) -> Acceptances:
    return acceptances(graph.store, graph.graph, graph.recipe, named_refs(graph.graph, graph.variants, names))


def accept(graph: SmallGraph, *names: str) -> Acceptances:
    planned = accepting(graph, *names)
    record(graph.store, planned, "renamed")
    return planned


def refs(partitions: Iterable[object]) -> list[str]:
    return [str(getattr(partition, "ref", partition)) for partition in partitions]


def states(graph: SmallGraph) -> set[State]:
    return {standing.state for standing in graph.survey().values()}
