"""Which input of a version is compared with which input of another."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sg_assets.declarations.asset_names import EXAMPLES
from sg_assets.declarations.kinds.registry import kind_of
from sg_assets.declarations.kinds.training import ADAPTER, is_adapter
from sg_assets.store.manifests import PinnedInput
from sg_assets.store.refs import Ref

Pair = tuple[PinnedInput, PinnedInput]


@dataclass(frozen=True)
class InputPairs:
    """The inputs of two versions, paired."""

    pairs: tuple[Pair, ...]
    """Inputs of both versions."""
    removed: tuple[PinnedInput, ...]
    """Inputs of the earlier version only."""
    added: tuple[PinnedInput, ...]
    """Inputs of the later version only."""


def pair_inputs(before: Sequence[PinnedInput], after: Sequence[PinnedInput]) -> InputPairs:
    """Pair the inputs of equal asset partitions, else of equal assets, else adapters of any method, or their examples.

    By asset and by role an input is paired only where it is the only one on both sides: among several it is not
    known which replaced which.
    """
    pairs: list[Pair] = []
    removed, added = list(before), list(after)
    for name in (lambda pin: str(pin.ref), lambda pin: pin.asset, role_of):
        _pair_unique(name, removed, added, pairs)
    return InputPairs(tuple(pairs), tuple(removed), tuple(added))


def role_of(pin: PinnedInput | Ref) -> str:
    """Equal for partitions that stand in for each other: those of an asset, adapters, the examples they learn from."""
    if is_adapter(kind_of(pin.asset)):
        return ADAPTER.pattern
    return "examples" if pin.asset in EXAMPLES.values() else pin.asset


def _pair_unique(
    name: Callable[[PinnedInput], str], removed: list[PinnedInput], added: list[PinnedInput], pairs: list[Pair]
) -> None:
    """Move to ``pairs`` the inputs whose name is unique on both sides."""
    for pin in list(removed):
        same_before = [other for other in removed if name(other) == name(pin)]
        same_after = [other for other in added if name(other) == name(pin)]
        if len(same_before) == len(same_after) == 1:
            pairs.append((pin, same_after[0]))
            removed.remove(pin)
            added.remove(same_after[0])
