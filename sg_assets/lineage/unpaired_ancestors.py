"""What two partitions were made from beneath inputs that only one of them reads.

Variants of different methods read different tables. Where two of those tables were made, however far below, from
versions of one partition with different contents, that is a difference of the variants too.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cached_property

from sg_assets.errors import SgAssetsError
from sg_assets.lineage.input_pairs import InputPairs, Pair
from sg_assets.lineage.stored_versions import recorded_version
from sg_assets.store.manifests import Manifest, PinnedInput
from sg_assets.store.pinned_inputs import lineage
from sg_assets.store.refs import Ref
from sg_assets.store.store import Store


class UnpairedAncestors:
    """The ancestors of two versions."""

    def __init__(self, store: Store, before: Manifest, after: Manifest) -> None:
        """Of the two versions that are compared."""
        self._store = store
        self._versions = before, after

    def differing(self, input_pairs: InputPairs) -> Iterator[Pair]:
        """The nearest ancestors of inputs of one side alone that the other side has with another content.

        Args:
            input_pairs: The inputs of two versions on the way down.
        """
        before, after = self._closures
        for pin in input_pairs.removed:
            yield from ((old, new) for old, new in self._below(pin, after))
        for pin in input_pairs.added:
            yield from ((old, new) for new, old in self._below(pin, before))

    @cached_property
    def _closures(self) -> tuple[Mapping[Ref, PinnedInput], Mapping[Ref, PinnedInput]]:
        """All that each side was made from, as far as it is known, by partition."""
        before, after = ({pin.ref: pin for pin in lineage(self._store, side, [])} for side in self._versions)
        return before, after

    def _below(self, pin: PinnedInput, other: Mapping[Ref, PinnedInput]) -> Iterator[Pair]:
        waiting, seen = [pin], set()
        while waiting:
            own = waiting.pop()
            if own.version in seen:
                continue
            seen.add(own.version)
            shared = other.get(own.ref)
            if shared is None:
                with suppress(SgAssetsError):  # what lies below is not known
                    waiting += recorded_version(self._store, own).inputs
            elif shared.fingerprint != own.fingerprint:
                yield own, shared
