"""Lists of a recipe whose order means nothing: another order is the same recipe, and moves no version.

A recipe's digest is taken from its lists as they are, so that digests of versions made before stay as they are. Lists
whose order is free take the order that the partition's versions recorded, where they hold the same entries.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from sg_assets.declarations.asset_names import FEW_SHOTS, LEXICON, OBJECTIVES, TEMPLATES
from sg_assets.declarations.kinds.kind import AssetKind
from sg_assets.declarations.kinds.registry import kind_of
from sg_assets.declarations.kinds.training import ADAPTER
from sg_assets.store.fingerprints import json_digest

Parameters = Mapping[str, Any]
ORDER_FREE: Final[Mapping[str, tuple[str, str]]] = {
    TEMPLATES: ("rows", "A table's rows have no order; whoever reads them sorts them by id."),
    FEW_SHOTS: ("rows", "The generator is shown them sorted by id."),
    LEXICON: ("rows", "The generator is shown them sorted by term."),
    OBJECTIVES: ("objectives", "Each is a row of its own."),
    ADAPTER.pattern: ("target_modules", "peft takes them for a set."),
}
"""The list whose order is free, by asset or kind of asset, with the reason."""


def order_free(asset: str) -> str | None:
    """The parameter of an asset's recipes that is a list whose order is free; None where there is none."""
    kind: AssetKind = kind_of(asset)
    entry = ORDER_FREE.get(asset) or ORDER_FREE.get(kind.pattern)
    return None if entry is None else entry[0]


def in_recorded_order(asset: str, parameters: Parameters, recorded: Callable[[], Iterable[Parameters]]) -> Parameters:
    """Parameters of today's recipe, with their list whose order is free in the order that was recorded.

    Args:
        asset: The asset.
        parameters: As declared.
        recorded: Gives the parameters of the partition's versions, the current one first.
    """
    name = order_free(asset)
    if name is None or name not in parameters:
        return parameters
    entries = _entries(parameters[name])
    same = (version[name] for version in recorded() if name in version and _entries(version[name]) == entries)
    first = next(same, None)
    return parameters if first is None else {**parameters, name: first}


def _entries(listed: Iterable[Any]) -> list[str]:
    """The entries of a list, comparable in any order."""
    return sorted(map(json_digest, listed))
