"""The content and the audit of what the work of a step staged."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path

import duckdb
from ulid import ULID

from sg_assets.errors import SgAssetsError
from sg_assets.store.audit.evaluation import audit
from sg_assets.store.audit.staged_table import Ancestry
from sg_assets.store.backends.interface import PutResult, remove_path
from sg_assets.store.columns import Column
from sg_assets.store.contracts import Contract
from sg_assets.store.damage import set_content_aside, versions_of_content
from sg_assets.store.engine import connect, parquet
from sg_assets.store.fingerprints import (
    FOLDER_ALGORITHM,
    TABLE_ALGORITHM,
    TableScan,
    file_sha256,
    folder_fingerprint,
    json_digest,
    scan_table,
)
from sg_assets.store.manifest_parts import Audit, Content
from sg_assets.store.manifests import Manifest
from sg_assets.store.refs import Ref
from sg_assets.store.store import Store
from sg_assets.store.workspace import ConfinedWorkspace


def staged_content(workspace: ConfinedWorkspace, ref: Ref, contract: Contract) -> tuple[Content, Audit]:
    """The content that the work staged for an output, and how its audit ended.

    Raises:
        SgAssetsError: a table was promised and a folder staged.
    """
    folder, file = workspace.result_folder_of(ref.asset), workspace.table_file_of(ref.asset)
    if folder.is_dir():
        if contract != Contract():
            raise SgAssetsError("its contract is for a table, but the work made a folder", where=str(ref))
        return _folder_content(ref, folder), Audit(contract.digest)
    if file.is_file():
        scan, audited = _scan_and_audit(workspace, ref, file, contract)
        return _table_content(ref, file, scan, contract), audited
    raise AssertionError(f"the work of {workspace.ref} staged nothing for {ref}")


def put_content(workspace: ConfinedWorkspace, ref: Ref, content: Content) -> Content:
    """Move staged content into the store; the content as it is stored there.

    Equal rows that were stored before stay, and their bytes may differ from the staged ones. A folder's fingerprint is
    taken from its bytes, so equal folders are equal. Nothing is adopted that was not compared: damaged content of the
    same name is set aside, and the versions that it belongs to are marked. What is stored in its stead under a name
    of its own, where the bytes are not those that these versions record.
    """
    store = workspace.store
    staged = workspace.result_folder_of(ref.asset) if content.kind == "folder" else workspace.table_file_of(ref.asset)
    recorded = versions_of_content(store, ref.asset, content.fingerprint)
    for name in (content.object, _other_name(content)):
        versions = [version for version in recorded if version.object == name]
        stored = _put(store, staged, replace(content, object=name), versions)
        if stored is not None:
            store.checks.remember(stored.object, ())
            return stored
    raise AssertionError(f"two contents of {ref} have other bytes and one name")


def _put(store: Store, staged: Path, content: Content, versions: Sequence[Manifest]) -> Content | None:
    """Put content under a name; None where versions record other bytes under it, which are not there any more."""
    existing = _existing(store, content, versions)
    if existing is not None:
        store.files.reuse(content.object)
        remove_path(staged)
        return existing
    if store.files.glob(content.object):
        set_content_aside(store, content.object, versions)
    if versions and all(dict(version.files) != dict(content.files) for version in versions):
        return None
    if store.files.put(staged, content.object) is PutResult.OTHER:  # another process was quicker
        return _put(store, staged, content, versions)
    return content


def _existing(store: Store, content: Content, versions: Sequence[Manifest]) -> Content | None:
    """The content that is stored under the name, with its own bytes; None where none is, or where it is damaged."""
    scratch = store.staging / f"{ULID()}-compared"
    try:
        path = store.files.stored(content.object, scratch)
        if content.kind == "folder":
            return content if folder_fingerprint(path)[0] == content.fingerprint else None
        stored = replace(content, files=_digest_of(path), bytes=path.stat().st_size)
        whole = dict(stored.files) in ([dict(version.files) for version in versions] or [dict(content.files)])
        return stored if whole or (not versions and _has_rows(path, content.fingerprint)) else None
    except OSError:
        return None
    finally:
        remove_path(scratch)


def _has_rows(file: Path, fingerprint: str) -> bool:
    try:
        with connect() as connection:
            return scan_table(connection, parquet([file])).fingerprint == fingerprint
    except duckdb.Error:
        return False


def _other_name(content: Content) -> str:
    """The name of a content whose own name belongs to other bytes."""
    digest = json_digest(dict(content.files))[:8]
    stem, dot, suffix = content.object.partition(".")
    return f"{stem}-{digest}{dot}{suffix}"


def audit_again(workspace: ConfinedWorkspace, version: Manifest, contract: Contract) -> Audit:
    """The audit of an existing content for another contract."""
    if version.kind == "folder":
        return Audit(contract.digest, contract.key)
    return _scan_and_audit(workspace, version.ref, workspace.store.path(version), contract)[1]


def _scan_and_audit(workspace: ConfinedWorkspace, ref: Ref, file: Path, contract: Contract) -> tuple[TableScan, Audit]:
    """Memory is bounded, whatever the table's size."""
    ancestry = Ancestry(workspace.store, ref, tuple(chain.from_iterable(workspace.inputs.values())))
    further = chain.from_iterable(suite.files(ancestry) for suite in contract.suites)
    with workspace.audit_database([file, *further]) as connection:
        relation = parquet([file])
        scan = scan_table(connection, relation, contract.key)
        started = time.perf_counter()
        results = audit(connection, relation, scan, contract, workspace.parameters, ancestry=ancestry)
        seconds = round(time.perf_counter() - started, 3)
        return scan, Audit(contract.digest, contract.key, results, seconds)


def _folder_content(ref: Ref, folder: Path) -> Content:
    fingerprint, files = folder_fingerprint(folder)
    return Content(
        kind="folder",
        fingerprint=fingerprint,
        algorithm=FOLDER_ALGORITHM,
        object=f"artifacts/{ref.asset}/{fingerprint}",
        files=files,
        bytes=sum((folder / name).stat().st_size for name in files),
        rows=None,
        columns=(),
    )


def _table_content(ref: Ref, file: Path, scan: TableScan, contract: Contract) -> Content:
    described = {column.name: column.description for column in contract.columns or ()}
    return Content(
        kind="table",
        fingerprint=scan.fingerprint,
        algorithm=TABLE_ALGORITHM,
        object=f"objects/{ref.asset}/{scan.fingerprint}.parquet",
        files=_digest_of(file),
        bytes=file.stat().st_size,
        rows=scan.rows,
        columns=tuple(Column(name, type_, described.get(name, "")) for name, type_ in scan.columns),
    )


def _digest_of(file: Path) -> Mapping[str, str]:
    """The digest of a content of one file, as manifests name it."""
    return {".": file_sha256(file)}
