"""Which two versions are compared: by default the current version with the version published before it."""

from sg_assets.errors import DamagedStoreError, NotPublishedError, SgAssetsError, nearest
from sg_assets.lineage.head_log import LostEntry, gap, readable_entries
from sg_assets.lineage.input_pairs import role_of
from sg_assets.lineage.stored_versions import equal_contents, recorded_version
from sg_assets.store.manifests import HeadEntry, Manifest, PinnedInput
from sg_assets.store.quarantine import quarantined_version, quarantined_versions
from sg_assets.store.refs import Ref
from sg_assets.store.store import Store
from sg_assets.text.lists import counted


def version_pair(
    store: Store,
    ref: Ref,
    *,
    first: str | None = None,
    last: str | None = None,
    against: Ref | None = None,
    quarantined: bool = False,
) -> tuple[Manifest, Manifest]:
    """The versions before and after.

    Args:
        store: Holds them.
        ref: The asset partition.
        first: The version to start from; by default the version published before ``last``, or the current
            version of ``against``.
        last: The version to explain, by default the current version. A version in quarantine is allowed.
        against: Another partition to compare with.
        quarantined: Explain the latest version in quarantine; ``last`` is not named then.

    Raises:
        SgAssetsError: no version is published, a version belongs to another partition, or no earlier version exists.
        LostVersionError: the version before is known by its id alone.
    """
    if against is not None:
        require_comparable(store, ref, against)
    after = _latest_quarantined(store, ref) if quarantined else current_version(store, ref) if last is None else None
    after = after or _version(store, ref, str(last))
    if first is not None:
        return _version(store, against or ref, first), after
    if against is not None:
        return current_version(store, against), after
    before = published_before(store, after)
    if before is None:
        raise SgAssetsError(
            f"{after.version} is the first version of {ref}",
            why="no earlier version is published to compare it with",
            remedy="Compare two partitions with --against 'schema/table[partition]', or name a version with --from",
        )
    return before, after


def require_comparable(store: Store, ref: Ref, against: Ref) -> None:
    """Check that two partitions hold the same kind of content.

    Two partitions of one asset do, adapters of two methods, and the tables that two methods learn from.

    Raises:
        SgAssetsError: they do not; the nearest partition that does is named.
    """
    if role_of(ref) == role_of(against):
        return
    known = {str(other) for other in store.refs() if other != ref and role_of(other) == role_of(ref)}
    raise SgAssetsError(
        f"{ref} cannot be compared with {against}",
        where="--against",
        why=f"{against.asset} holds something else than {ref.asset}: the two share no item and no step",
        remedy=nearest(str(Ref.of(ref.asset, against.partition)), known)
        if known
        else f"No other partition of {ref.asset} is published",
    )


def current_version(store: Store, ref: Ref) -> Manifest:
    """The current version.

    Raises:
        NotPublishedError: nothing is published; versions in quarantine are named.
    """
    head = store.head(ref)
    if head is not None:
        return head
    waiting = [version.version for version in quarantined_versions(store, ref)]
    if not waiting:
        raise NotPublishedError(f"{ref} has no version yet", remedy="Materialize it first")
    raise NotPublishedError(
        f"no version of {ref} is published",
        why=f"{counted(len(waiting), 'version')} in quarantine: {', '.join(waiting[-3:])}",
        remedy="Compare the latest of them with another partition: --quarantined --against 'schema/table[partition]'",
    )


def _latest_quarantined(store: Store, ref: Ref) -> Manifest:
    """The version in quarantine that was made last.

    Raises:
        SgAssetsError: there is none.
    """
    waiting = quarantined_versions(store, ref)
    if not waiting:
        raise SgAssetsError(
            f"no version of {ref} is in quarantine", remedy=f"List its versions with `sg-assets versions '{ref}'`"
        )
    return waiting[-1]


class LostVersionError(SgAssetsError):
    """The version to compare with is known by its id, and its record cannot be read."""

    def __init__(self, before: PinnedInput, after: Manifest, error: SgAssetsError) -> None:
        """From the version before, of which no content is known, and the error that reading its record ended in."""
        self.before = before
        self.after = after
        super().__init__(
            error.what,
            where=error.where,
            why=f"{before.version} was published before {after.version}",
            remedy=f"Compare with another version with --from; `sg-assets versions '{after.ref}'` lists them",
        )


def published_before(store: Store, version: Manifest) -> Manifest | None:
    """The version that was current before a version last became current; the current version if it never was.

    Raises:
        LostVersionError: its record is gone or damaged.
        DamagedStoreError: the log of heads does not say which it was.
    """
    entries = readable_entries(store, version.ref)
    own = [
        (number, entry)
        for number, entry in enumerate(entries)
        if isinstance(entry, HeadEntry) and entry.version == version.version
    ]
    if not own:
        return store.head(version.ref)
    number, entry = own[-1]
    earlier = entries[number - 1] if number else None
    if entry.replaces is None and isinstance(earlier, LostEntry):
        raise earlier.error
    if entry.replaces is None and earlier is not None:
        raise DamagedStoreError(
            f"which version was current before {version.version} is not known",
            where=str(version.ref),
            why=gap(earlier, entry),
            remedy=f"Compare with another version with --from; `sg-assets versions '{version.ref}'` lists them",
        )
    if entry.replaces is None:
        return None
    before = PinnedInput(asset=version.asset, partition=version.partition, version=entry.replaces, fingerprint="")
    try:
        return recorded_version(store, before)
    except SgAssetsError as error:
        raise LostVersionError(before, version, error) from error


def last_different(store: Store, version: Manifest) -> Manifest | None:
    """The last version with other content that was published before a version, as far as the past can be read."""
    current: Manifest | None = version
    seen: set[str] = set()
    while current is not None and equal_contents(current, version) and current.version not in seen:
        seen.add(current.version)
        try:
            current = published_before(store, current)
        except SgAssetsError:
            return None
    return None if current is None or equal_contents(current, version) else current


def _version(store: Store, ref: Ref, version: str) -> Manifest:
    manifest = quarantined_version(store, version) or store.find(version)
    if manifest.ref != ref:
        remedy = f"List the versions of {ref} with `sg-assets versions '{ref}'`"
        raise SgAssetsError(f"{version} is a version of {manifest.ref}", where=str(ref), remedy=remedy)
    return manifest
