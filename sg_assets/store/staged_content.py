"""The content and the audit of what the work of a step staged."""

import time
from collections.abc import Mapping
from dataclasses import replace
from itertools import chain
from pathlib import Path

from sg_assets.errors import SgAssetsError
from sg_assets.store.audit.evaluation import audit
from sg_assets.store.audit.staged_table import Ancestry
from sg_assets.store.columns import Column
from sg_assets.store.contracts import Contract
from sg_assets.store.engine import bound_memory, parquet
from sg_assets.store.fingerprints import (
    FOLDER_ALGORITHM,
    TABLE_ALGORITHM,
    TableScan,
    file_sha256,
    folder_fingerprint,
    scan_table,
)
from sg_assets.store.manifest_parts import Audit, Content
from sg_assets.store.manifests import Manifest
from sg_assets.store.refs import Ref
from sg_assets.store.workspace import Workspace


def staged_content(workspace: Workspace, ref: Ref, contract: Contract) -> tuple[Content, Audit]:
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


def put_content(workspace: Workspace, ref: Ref, content: Content) -> Content:
    """Move staged content into the store; the content as it is stored there.

    Equal content that was stored before stays, and its bytes may differ from the staged ones. A folder's fingerprint is
    taken from its bytes, so equal folders are equal.
    """
    files, is_folder = workspace.store.files, content.kind == "folder"
    staged = workspace.result_folder_of(ref.asset) if is_folder else workspace.table_file_of(ref.asset)
    if files.put(staged, content.object) or is_folder:
        return content
    stored = files.local(content.object)
    return replace(content, files=_digest_of(stored), bytes=stored.stat().st_size)


def audit_again(workspace: Workspace, version: Manifest, contract: Contract) -> Audit:
    """The audit of an existing content for another contract."""
    if version.kind == "folder":
        return Audit(contract.digest, contract.key)
    return _scan_and_audit(workspace, version.ref, workspace.store.path(version), contract)[1]


def _scan_and_audit(workspace: Workspace, ref: Ref, file: Path, contract: Contract) -> tuple[TableScan, Audit]:
    """Memory is bounded, whatever the table's size."""
    ancestry = Ancestry(workspace.store, ref, tuple(chain.from_iterable(workspace.inputs.values())))
    with workspace.connection() as connection:
        bound_memory(connection)
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
