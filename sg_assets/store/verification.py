"""Reading contents again, and comparing them with the manifests of their versions."""

import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
from ulid import ULID

from sg_assets.store.engine import connect, parquet
from sg_assets.store.fingerprints import file_sha256, folder_fingerprint, scan_table
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
        return ["the content is missing"]
    try:
        return [*_files(manifest, path), *_fingerprint(manifest, path)]
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _files(manifest: Manifest, path: Path) -> list[str]:
    """Files that are missing, or hold other bytes."""
    lines = []
    for name, digest in manifest.files.items():
        file = path / name
        if not file.is_file():
            lines.append(f"file '{name}' is missing")
        elif file_sha256(file) != digest:
            lines.append(f"the bytes of file '{name}' differ" if name != "." else "the file's bytes differ")
    return lines


def _fingerprint(manifest: Manifest, path: Path) -> list[str]:
    if manifest.kind == "folder":
        fingerprint = folder_fingerprint(path)[0]
    else:
        try:
            with connect() as connection:
                fingerprint = scan_table(connection, parquet([path])).fingerprint
        except duckdb.Error:
            return ["not a readable Parquet file"]
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
        for manifest in (*store.versions(ref), *quarantined_versions(store, ref)):
            by_object.setdefault(manifest.object, []).append(manifest)
    for versions in by_object.values():
        yield Verified(tuple(versions), tuple(differences(store, versions[-1])))


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
    head = store.head(manifest.ref)
    return head is not None and head.version == manifest.version
