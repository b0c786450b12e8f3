"""Which two versions are compared: by default the current version with the version published before it."""

from sg_assets.errors import SgAssetsError
from sg_assets.store.manifests import Manifest
from sg_assets.store.quarantine import quarantined_version
from sg_assets.store.refs import Ref
from sg_assets.store.store import Store


def version_pair(
    store: Store, ref: Ref, *, first: str | None = None, last: str | None = None, against: Ref | None = None
) -> tuple[Manifest, Manifest]:
    """The versions before and after.

    Args:
        store: Holds them.
        ref: The asset partition.
        first: The version to start from; by default the version published before ``last``, or the current
            version of ``against``.
        last: The version to explain, by default the current version. A version in quarantine is allowed.
        against: Another partition to compare with.

    Raises:
        SgAssetsError: no version is published, a version belongs to another partition, or no earlier version exists.
    """
    after = store.required_head(ref) if last is None else _version(store, ref, last)
    if first is not None:
        return _version(store, against or ref, first), after
    if against is not None:
        return store.required_head(against), after
    before = published_before(store, after)
    if before is None:
        raise SgAssetsError(
            f"{after.version} is the first version of {ref}",
            why="no earlier version exists to compare it with",
            remedy="Compare two partitions with --against 'schema/table[partition]', or name a version with --from",
        )
    return before, after


def published_before(store: Store, version: Manifest) -> Manifest | None:
    """The version that was current before a version last became current; the current version if it never was."""
    entries = store.heads.entries(version.ref)
    replaced = [entry.replaces for entry in entries if entry.version == version.version]
    if not replaced:
        return store.head(version.ref)
    return None if replaced[-1] is None else store.manifest(version.ref, replaced[-1])


def last_different(store: Store, version: Manifest) -> Manifest | None:
    """The last version with other content that was published before a version."""
    current = published_before(store, version)
    seen = {version.version}
    while current is not None and current.fingerprint == version.fingerprint and current.version not in seen:
        seen.add(current.version)
        current = published_before(store, current)
    return None if current is None or current.fingerprint == version.fingerprint else current


def _version(store: Store, ref: Ref, version: str) -> Manifest:
    manifest = quarantined_version(store, version) or store.find(version)
    if manifest.ref != ref:
        remedy = f"List the versions of {ref} with `sg-assets versions '{ref}'`"
        raise SgAssetsError(f"{version} is a version of {manifest.ref}", where=str(ref), remedy=remedy)
    return manifest
