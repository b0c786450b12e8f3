"""Selection of partitions by name: of a variant, a schema, an asset or a partition."""

from collections.abc import Collection, Iterable, Sequence
from typing import Final

from sg_assets.declarations.graph import Graph
from sg_assets.declarations.kinds.models import CHAT_MODELS
from sg_assets.declarations.kinds.registry import kind_of
from sg_assets.declarations.kinds.training import TRAINING_TABLE
from sg_assets.errors import NotDeclaredError, SgAssetsError, nearest
from sg_assets.store.refs import Ref

_KINDS_WITHOUT_VARIANTS: Final = (CHAT_MODELS, TRAINING_TABLE)
"""Kinds of assets whose partitions are chat models and mixes; these may have the name of a variant."""

EVERYTHING: Final = "all"
"""The name of all declared partitions, for commands that require a name."""
_SCHEMA_SUFFIX: Final = "/*"


def selected_refs(graph: Graph, variants: Collection[str], named: Iterable[str]) -> list[Ref]:
    """The partitions that names select, upstream first; all partitions if no name is given.

    A variant selects its partition of every asset, and the reports over all variants that read it.

    Raises:
        SgAssetsError: a name matches no partition.
    """
    wanted = {ref for name in named for ref in _of_name(graph, variants, name)}
    return [ref for ref in graph.refs if ref in wanted] if wanted else list(graph.refs)


def named_refs(graph: Graph, variants: Collection[str], names: Iterable[str]) -> list[Ref]:
    """The partitions that names select, upstream first, with those that the same steps make.

    Args:
        graph: The declared graph.
        variants: Names of variants.
        names: ``schema/table``, ``schema/table[partition]``, ``schema/*``, a variant, or ``all``.

    Raises:
        SgAssetsError: no name is given, or a name matches no partition.
    """
    wanted: set[Ref] = set()
    for name in names:
        wanted.update(_of_pattern(graph, variants, name))
    if not wanted:
        raise SgAssetsError(
            "no asset or variant is named", remedy="Name schema/table, schema/table[partition], schema/*, or all"
        )
    wanted = {Ref.of(asset, ref.partition) for ref in wanted for asset in graph.step_outputs(ref.asset)}
    return [ref for ref in graph.refs if ref in wanted]


def _of_pattern(graph: Graph, variants: Collection[str], name: str) -> Sequence[Ref]:
    if name == EVERYTHING:
        return graph.refs
    if not name.endswith(_SCHEMA_SUFFIX):
        return selected_refs(graph, variants, [name])
    schema = name.removesuffix(_SCHEMA_SUFFIX)
    refs = [ref for ref in graph.refs if ref.schema == schema]
    if not refs:
        known = {f"{ref.schema}{_SCHEMA_SUFFIX}" for ref in graph.refs}
        raise SgAssetsError(f"unknown schema '{schema}'", remedy=nearest(name, known))
    return refs


def of_variant(graph: Graph, variant: str) -> list[Ref]:
    """A variant's partition of every asset that has such a partition."""
    return [ref for ref in graph.refs if ref.partition == variant and kind_of(ref.asset) not in _KINDS_WITHOUT_VARIANTS]


def readers(graph: Graph, refs: Iterable[Ref]) -> list[Ref]:
    """Assets without partitions that read some of these partitions: reports over all variants."""
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
        raise NotDeclaredError(f"'{name}' is not a variant, schema or asset of this profile", remedy=remedy)
    return _of_asset(graph, Ref.parse(name))


def _of_asset(graph: Graph, named: Ref) -> Sequence[Ref]:
    if named.asset not in graph.nodes:
        raise NotDeclaredError(f"unknown asset '{named.asset}'", remedy=nearest(named.asset, graph.nodes))
    refs = [Ref.of(named.asset, key) for key in graph.nodes[named.asset].keys]
    if named.partition is None:
        return refs
    if named not in refs:
        raise NotDeclaredError(f"unknown partition '{named}'", remedy=nearest(str(named), map(str, refs)))
    return [named]
