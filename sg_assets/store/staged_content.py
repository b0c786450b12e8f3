"""The content half of a manifest, from what the work staged."""

import time
from itertools import chain
from pathlib import Path
from typing import Any

from sg_assets.errors import SgAssetsError
from sg_assets.store.audit.evaluation import audit
from sg_assets.store.audit.staged_table import Past
from sg_assets.store.contracts import Column, Contract
from sg_assets.store.engine import bound_memory, parquet
from sg_assets.store.fingerprints import (
    FOLDER_ALGORITHM,
    TABLE_ALGORITHM,
    TableScan,
    file_sha256,
    folder_fingerprint,
    scan_table,
)
from sg_assets.store.manifests import Manifest
from sg_assets.store.refs import Ref
from sg_assets.store.workspace import Workspace


def staged_content(workspace: Workspace, ref: Ref, contract: Contract) -> dict[str, Any]:
    """What a manifest tells of the content the work staged for an output, and how its audit ended.

    Raises:
        SgAssetsError: a table was promised and a folder staged.
    """
    folder, file = workspace.result_folder_of(ref.asset), workspace.table_file_of(ref.asset)
    if folder.is_dir():
        if contract != Contract():
            raise SgAssetsError("its contract is a table's, but the work gave a folder", where=str(ref))
        return _folder_content(ref, folder) | {"contract": contract.digest, "audit": ()}
    if file.is_file():
        return _table_content(workspace, ref, file, contract)
    raise AssertionError(f"the work of {workspace.ref} staged nothing for {ref}")


def put_content(workspace: Workspace, ref: Ref, content: dict[str, Any]) -> dict[str, Any]:
    """Put staged content in its place; what the manifest tells of it, for the bytes that are there now.

    Equal content that was there before stays, and its bytes may differ from the staged ones. A folder's fingerprint is
    taken from its bytes, so equal folders are equal.
    """
    files, is_folder = workspace.store.files, content["kind"] == "folder"
    staged = workspace.result_folder_of(ref.asset) if is_folder else workspace.table_file_of(ref.asset)
    if files.put(staged, content["object"]) or is_folder:
        return content
    return content | _bytes(files.local(content["object"]))


def examine(workspace: Workspace, ref: Ref, file: Path, contract: Contract) -> tuple[TableScan, dict[str, Any]]:
    """What a table's file holds, and what its manifest tells of how it fares under a contract.

    Memory is bounded, whatever the table's size.
    """
    past = Past(workspace.store, ref, tuple(chain.from_iterable(workspace.inputs.values())))
    with workspace.connection() as connection:
        bound_memory(connection)
        relation = parquet([file])
        scan = scan_table(connection, relation, contract.key)
        started = time.perf_counter()
        results = audit(connection, relation, scan, contract, workspace.parameters, past=past)
        return scan, {"audit": results, "checks_seconds": round(time.perf_counter() - started, 3)}


def audited_again(workspace: Workspace, version: Manifest, contract: Contract) -> dict[str, Any]:
    """What changes in a manifest where other things are asked of the same content."""
    told: dict[str, Any] = {"audit": ()}
    if version.kind == "table":
        _, told = examine(workspace, version.ref, workspace.store.path(version), contract)
    return {"key": contract.key, "contract": contract.digest} | told


def _bytes(file: Path) -> dict[str, Any]:
    return {"files": {".": file_sha256(file)}, "bytes": file.stat().st_size}


def _folder_content(ref: Ref, folder: Path) -> dict[str, Any]:
    fingerprint, files = folder_fingerprint(folder)
    return {
        "kind": "folder",
        "fingerprint": fingerprint,
        "algorithm": FOLDER_ALGORITHM,
        "object": f"artifacts/{ref.asset}/{fingerprint}",
        "files": files,
        "bytes": sum((folder / name).stat().st_size for name in files),
        "rows": None,
        "columns": (),
    }


def _table_content(workspace: Workspace, ref: Ref, file: Path, contract: Contract) -> dict[str, Any]:
    scan, told = examine(workspace, ref, file, contract)
    described = {column.name: column.description for column in contract.columns or ()}
    return (
        {
            "kind": "table",
            "fingerprint": scan.fingerprint,
            "algorithm": TABLE_ALGORITHM,
            "object": f"objects/{ref.asset}/{scan.fingerprint}.parquet",
            "rows": scan.rows,
            "columns": tuple(Column(name, type_, described.get(name, "")) for name, type_ in scan.columns),
            "key": contract.key,
            "contract": contract.digest,
        }
        | told
        | _bytes(file)
    )
