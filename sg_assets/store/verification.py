"""Reading contents again, and comparing them with what was recorded when they were published."""

import shutil
from pathlib import Path

import duckdb
from ulid import ULID

from sg_assets.store.engine import connect, parquet
from sg_assets.store.fingerprints import file_sha256, folder_fingerprint, scan_table
from sg_assets.store.manifests import Manifest
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
    told = []
    for name, digest in manifest.files.items():
        file = path / name
        if not file.is_file():
            told.append(f"file '{name}' is missing")
        elif file_sha256(file) != digest:
            told.append(f"the bytes of file '{name}' differ" if name != "." else "the file's bytes differ")
    return told


def _fingerprint(manifest: Manifest, path: Path) -> list[str]:
    if manifest.kind == "folder":
        found = folder_fingerprint(path)[0]
    else:
        try:
            with connect() as connection:
                found = scan_table(connection, parquet([path])).fingerprint
        except duckdb.Error:
            return ["it is no readable Parquet file"]
    return [] if found == manifest.fingerprint else [f"its fingerprint is {found}, not {manifest.fingerprint}"]
