"""Reading contents again, and comparing them with the manifests of their versions."""

import contextlib
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import duckdb
from ulid import ULID

from sg_assets.errors import DamagedStoreError
from sg_assets.store.content_checks import MISSING, byte_differences
from sg_assets.store.engine import connect, parquet
from sg_assets.store.fingerprints import folder_fingerprint, scan_table
from sg_assets.store.manifests import Manifest
from sg_assets.store.quarantine import quarantined_versions
from sg_assets.store.refs import Ref
from sg_assets.store.store import Store


def differences(store: Store, manifest: Manifest) -> list[str]:
    """How a version's content differs from its record: files, bytes, rows; empty where it does not."""
    scratch = store.staging / f"{ULID()}-verified"
    try:
        path = store.files.stored(manifest.object, scratch)
    except FileNotFoundError:
        return [MISSING]
    try:
        return [*byte_differences(manifest, path), *_fingerprint(manifest, path)]
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _fingerprint(manifest: Manifest, path: Path) -> list[str]:
    try:
        if manifest.kind == "folder":
            fingerprint = folder_fingerprint(path)[0]
        else:
            with connect() as connection:
                fingerprint = scan_table(connection, parquet([path])).fingerprint
    except duckdb.Error:
        return ["not a readable Parquet file"]
    except OSError:
        return []  # which file cannot be read is said already
    return (
        [] if fingerprint == manifest.fingerprint else [f"its fingerprint is {fingerprint}, not {manifest.fingerprint}"]
    )


@dataclass(frozen=True)
class Verified:
    """A content that was read again."""

    versions: tuple[Manifest, ...]
    """The versions it is the content of; the last is the newest of its partition."""
    differences: tuple[str, ...]
    """How it differs from its record; empty where it does not."""

    @property
    def version(self) -> Manifest:
        """The version to name it by."""
        return self.versions[-1]


def verified(store: Store, refs: Iterable[Ref]) -> Iterator[Verified]:
    """Each content of the partitions, published or quarantined, read once and compared: versions may share one."""
    by_object: dict[str, list[Manifest]] = {}
    for ref in refs:
        for manifest in (*store.versions(ref), *quarantined_versions(store, ref), *_from_copies(store, ref)):
            by_object.setdefault(manifest.object, []).append(manifest)
    for name, versions in by_object.items():
        lines = tuple(differences(store, versions[-1]))
        store.checks.remember(name, lines)
        if lines == (MISSING,) and all(_is_given_up(store, version) for version in versions):
            lines = ()
        yield Verified(tuple(versions), lines)


def _from_copies(store: Store, ref: Ref) -> Iterator[Manifest]:
    """The versions of a partition whose records are damaged or lost, from their copies: their content counts, too."""
    readable = {version.version for version in store.versions(ref)}
    for name in store.files.copies(f"manifests/{ref.folder}"):
        copy = store.files.read_copy(name) if PurePosixPath(name).stem not in readable else None
        if copy is not None:
            with contextlib.suppress(DamagedStoreError):
                yield store.read_manifest(name, copy)


def _is_given_up(store: Store, version: Manifest) -> bool:
    """Whether a mark says that a version's content is gone, and nothing makes the version current."""
    kinds = {named.mark.kind for named in store.marks.readable(version.ref) if named.mark.version == version.version}
    return bool(kinds & {"damaged", "pruned", "erased"}) and not _is_current(store, version)


def remedy(store: Store, content: Verified) -> str:
    """What mends a content that differs from its record."""
    version = content.version
    current = [manifest.ref for manifest in content.versions if _is_current(store, manifest)]
    if not current:
        return f"Nothing reads it by default. To keep {version.version}, restore {version.object} from a backup."
    names = " ".join(f"'{ref}'" for ref in current)
    return (
        f"Build it again: `sg-assets backfill {names}`. Until then `sg-assets revert` makes an earlier version current."
    )


def _is_current(store: Store, manifest: Manifest) -> bool:
    head = store.readable_head(manifest.ref)
    return head is not None and head.version == manifest.version
