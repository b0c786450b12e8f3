"""Which input of one version stands against which input of another."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sg_assets.declarations.kinds.registry import kind_of
from sg_assets.declarations.kinds.training import ADAPTER
from sg_assets.store.manifests import PinnedInput

Pair = tuple[PinnedInput, PinnedInput]


@dataclass(frozen=True)
class Pairing:
    """The inputs of two versions side by side."""

    pairs: tuple[Pair, ...]
    gone: tuple[PinnedInput, ...]
    """Read before, with nothing in its place."""
    new: tuple[PinnedInput, ...]
    """Read after, where nothing was."""


def pair_inputs(before: Sequence[PinnedInput], after: Sequence[PinnedInput]) -> Pairing:
    """Inputs of one asset partition, else of one asset, stand against each other; so do two adapters of any method.

    By asset and among adapters only what is alone on both sides is paired: of several nobody can say which is which.
    """
    pairs: list[Pair] = []
    gone, new = list(before), list(after)
    for name in (lambda pin: str(pin.ref), lambda pin: pin.asset, _role):
        _take(name, gone, new, pairs)
    return Pairing(tuple(pairs), tuple(gone), tuple(new))


def _role(pin: PinnedInput) -> str:
    return ADAPTER.pattern if kind_of(pin.asset) is ADAPTER else pin.asset


def _take(
    name: Callable[[PinnedInput], str], gone: list[PinnedInput], new: list[PinnedInput], pairs: list[Pair]
) -> None:
    """Move to ``pairs`` what alone has a name on both sides."""
    for one in list(gone):
        left = [pin for pin in gone if name(pin) == name(one)]
        right = [pin for pin in new if name(pin) == name(one)]
        if len(left) == len(right) == 1:
            pairs.append((one, right[0]))
            gone.remove(one)
            new.remove(right[0])
