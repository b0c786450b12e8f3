"""From what people name (a variant, a schema, an asset, a partition) to partitions of the graph."""

from collections.abc import Collection, Iterable, Sequence

from sg_assets.declarations.graph import Graph
from sg_assets.errors import SgAssetsError, nearest
from sg_assets.store.refs import Ref

_OF_OTHERS = ("models", "training")
"""Schemas whose partitions are chat models and mixes, which may be called what a variant is called."""


def chosen(graph: Graph, variants: Collection[str], named: Iterable[str]) -> list[Ref]:
    """The partitions that names stand for, upstream first; every one where nothing is named.

    A variant stands for its partition of every asset that has one, and for what is made of all variants and reads it.

    Raises:
        SgAssetsError: a name stands for nothing.
    """
    wanted = {ref for name in named for ref in _of_name(graph, variants, name)}
    return [ref for ref in graph.refs if ref in wanted] if wanted else list(graph.refs)


def of_variant(graph: Graph, variant: str) -> list[Ref]:
    """A variant's partition of every asset that has one."""
    return [ref for ref in graph.refs if ref.partition == variant and ref.schema not in _OF_OTHERS]


def readers(graph: Graph, refs: Iterable[Ref]) -> list[Ref]:
    """What is made without partitions and reads some of these: reports of all variants."""
    read = set(refs)
    whole = [ref for ref in graph.refs if ref.partition is None]
    return [ref for ref in whole if read.intersection(graph.inputs(ref.asset, None))]


def _of_name(graph: Graph, variants: Collection[str], name: str) -> Sequence[Ref]:
    if name in variants:
        own = of_variant(graph, name)
        return [*own, *readers(graph, own)]
    schemas = {ref.schema for ref in graph.refs}
    if name in schemas:
        return [ref for ref in graph.refs if ref.schema == name]
    if "/" not in name:
        remedy = nearest(name, {*variants, *schemas})
        raise SgAssetsError(f"'{name}' is no variant, schema or asset of this profile", remedy=remedy)
    return _of_asset(graph, Ref.parse(name))


def _of_asset(graph: Graph, named: Ref) -> Sequence[Ref]:
    if named.asset not in graph.nodes:
        raise SgAssetsError(f"there is no asset '{named.asset}'", remedy=nearest(named.asset, graph.nodes))
    refs = [Ref.of(named.asset, key) for key in graph.nodes[named.asset].keys]
    if named.partition is None:
        return refs
    if named not in refs:
        raise SgAssetsError(f"there is no '{named}'", remedy=nearest(str(named), map(str, refs)))
    return [named]
