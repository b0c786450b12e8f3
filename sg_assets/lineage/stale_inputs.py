"""Whether versions that are compared were made from content that is no longer current."""

from collections.abc import Iterator
from typing import Final

from sg_assets.store.manifests import Manifest
from sg_assets.store.pinned_inputs import lineage
from sg_assets.store.store import Store

_MOST: Final = 6
"""Inputs named of each version; the others are counted."""


def stale_inputs(store: Store, version: Manifest) -> Iterator[str]:
    """A sentence for each input of a version, however far below, whose current content is another.

    Args:
        store: Holds the version and its inputs.
        version: The version.
    """
    lost: list[str] = []
    stale = []
    for pin in lineage(store, version, lost):
        head = store.readable_head(pin.ref)
        if pin.version != version.version and head is not None and head.fingerprint != pin.fingerprint:
            stale.append(f"{pin.ref} {pin.version}, which is out of date: {head.version} is current")
    yield from (f"{version.ref} was made from {text}" for text in sorted(stale)[:_MOST])
    if len(stale) > _MOST:
        yield f"{version.ref} was made from {len(stale) - _MOST} more inputs that are out of date"
    yield from lost
