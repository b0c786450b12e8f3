"""What damaged content means for versions: those it belongs to are marked, and those that were made from it."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from sg_assets.errors import DamagedStoreError
from sg_assets.store.content_checks import MISSING
from sg_assets.store.made_by import this_maker
from sg_assets.store.manifests import MadeBy, Manifest
from sg_assets.store.marks import Mark, doubt_of
from sg_assets.store.store import Store

_SLACK: Final = timedelta(minutes=1)
"""How much older than a reading the memory of it may be (``content_checks.REMEMBERED_AGAIN``)."""


def versions_of_content(store: Store, asset: str, fingerprint: str) -> list[Manifest]:
    """The versions of an asset, published or quarantined, whose content has a fingerprint; by the end of their ids."""
    versions = []
    for section in ("manifests", "quarantine"):
        for name in store.files.glob(f"{section}/{asset}/*/*-{fingerprint[:8]}.json"):
            try:
                versions.append(store.read_manifest(name))
            except (DamagedStoreError, FileNotFoundError):
                continue  # `verify` names it
    return [version for version in versions if version.fingerprint == fingerprint]


def set_content_aside(
    store: Store, name: str, versions: Sequence[Manifest], by: MadeBy | None = None
) -> list[Manifest]:
    """Move damaged content out of the way, and mark the versions it belongs to and those that were made from it.

    Args:
        store: The store.
        name: The content's name.
        versions: The versions that name it.
        by: Who does it; by default the user of this process.

    Returns:
        The versions that were made from it since it was last known to be whole.
    """
    differences = store.checks.differences(versions[-1]) if versions else ()
    doubtful = versions_made_from(store, versions)
    aside = store.files.set_aside(name)
    now, maker = datetime.now(UTC), by or this_maker()
    for version in versions:
        why = f"{'; '.join(differences) or 'damaged'}; set aside as {aside}"
        store.marks.append(version.ref, Mark(kind="damaged", version=version.version, at=now, by=maker, why=why))
    sources = ", ".join(f"{version.ref} {version.version}" for version in versions)
    for version in doubtful:
        why = f"made from content that was or may have been damaged, of {sources}"
        store.marks.append(version.ref, Mark(kind="doubtful", version=version.version, at=now, by=maker, why=why))
    return doubtful


def versions_made_from(store: Store, damaged: Iterable[Manifest]) -> list[Manifest]:
    """The versions that were made from damaged content: those that read it since it was known to be whole, and theirs.

    A step compares what it reads, so a version that began before the last comparison without a difference read the
    content as it was published.
    """
    begun = {version.version: _damaged_since(store, version) for version in damaged}
    readers = store.all_versions()
    doubtful: dict[str, Manifest] = {}
    waiting = [
        reader
        for reader in readers
        for pin in reader.inputs
        if (since := begun.get(pin.version)) is not None and reader.started > since
    ]
    while waiting:
        version = waiting.pop()
        if version.version in doubtful:
            continue
        doubtful[version.version] = version
        waiting += [
            reader
            for reader in readers
            if any(pin.version == version.version for pin in reader.inputs)
            or (reader.ref, reader.object, reader.recipe) == (version.ref, version.object, version.recipe)
        ]
    return [
        version
        for version in readers
        if version.version in doubtful and doubt_of(version, store.marks_of(version.ref)) is None
    ]


def _damaged_since(store: Store, version: Manifest) -> datetime | None:
    """The time after which readers may have read the damage; None where nobody can have, for nothing is there."""
    if store.checks.differences(version) in ((), (MISSING,)):
        return None
    known = store.checks.last(version.object)
    if known is not None and known.whole_at is not None:
        return known.whole_at + _SLACK
    changed = max((identity[2] for identity in known.identities.values()), default=0) if known is not None else 0
    # No comparison is known: the last write to its files, which no reader before it can have seen.
    return max(version.finished, datetime.fromtimestamp(changed / 1e9, UTC) - _SLACK)
