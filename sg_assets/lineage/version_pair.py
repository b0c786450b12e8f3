"""Which two versions are compared: the current one with the one published before it, unless someone says otherwise."""

from sg_assets.errors import SgAssetsError
from sg_assets.store.manifests import Manifest
from sg_assets.store.quarantine import quarantined_version
from sg_assets.store.refs import Ref
from sg_assets.store.store import Store


def choose(
    store: Store, ref: Ref, *, first: str | None = None, last: str | None = None, against: Ref | None = None
) -> tuple[Manifest, Manifest]:
    """The versions before and after.

    Args:
        store: Where they are.
        ref: The asset partition that is asked about.
        first: The version to start from; by default what was published before ``last``, or what is current of
            ``against``.
        last: The version to explain, by default the current one. One in quarantine will do.
        against: Another partition to compare with.

    Raises:
        SgAssetsError: nothing is published, a version is none of its partition, or there is no earlier one.
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
            why="there is nothing before it to compare it with",
            remedy="Compare two partitions with --against 'schema/table[partition]', or name a version with --from",
        )
    return before, after


def published_before(store: Store, version: Manifest) -> Manifest | None:
    """What was current before a version became so the last time; of one that never was, what is current now."""
    entries = store.heads.entries(version.ref)
    replaced = [entry.replaces for entry in entries if entry.version == version.version]
    if not replaced:
        return store.head(version.ref)
    return None if replaced[-1] is None else store.manifest(version.ref, replaced[-1])


def last_other(store: Store, version: Manifest) -> Manifest | None:
    """The version published last before a version that has another content."""
    current = published_before(store, version)
    seen = {version.version}
    while current is not None and current.fingerprint == version.fingerprint and current.version not in seen:
        seen.add(current.version)
        current = published_before(store, current)
    return None if current is None or current.fingerprint == version.fingerprint else current


def _version(store: Store, ref: Ref, version: str) -> Manifest:
    found = quarantined_version(store, version) or store.find(version)
    if found.ref != ref:
        remedy = f"List this one's with `sg-assets versions '{ref}'`"
        raise SgAssetsError(f"{version} is a version of {found.ref}", where=str(ref), remedy=remedy)
    return found
