"""The content half of a manifest, from what the work staged."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sg_assets.store.audit import check_key
from sg_assets.store.engine import connect, parquet
from sg_assets.store.fingerprints import (
    FOLDER_ALGORITHM,
    TABLE_ALGORITHM,
    file_sha256,
    folder_fingerprint,
    table_fingerprint,
)
from sg_assets.store.manifests import Column
from sg_assets.store.refs import Ref
from sg_assets.store.workspace import Workspace


def staged_content(workspace: Workspace, key: tuple[str, ...]) -> dict[str, Any]:
    """What a manifest tells of the content the work staged."""
    if workspace.result_folder.is_dir():
        return _folder_content(workspace.ref, workspace.result_folder)
    if workspace.table_file.is_file():
        return _table_content(workspace.ref, workspace.table_file, key)
    raise AssertionError(f"the work of {workspace.ref} staged nothing")


def stored_bytes(content: Mapping[str, Any], final: Path) -> dict[str, Any]:
    """Digest and size of the file in place: equal content that was there before may have other bytes than the staged.

    A folder's fingerprint is taken from its bytes, so equal folders are equal.
    """
    if content["kind"] == "folder":
        return {}
    return {"files": {".": file_sha256(final)}, "bytes": final.stat().st_size}


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


def _table_content(ref: Ref, file: Path, key: tuple[str, ...]) -> dict[str, Any]:
    with connect() as connection:
        relation = parquet([file])
        fingerprint, rows = table_fingerprint(connection, relation)
        described = connection.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()
        check_key(connection, relation, key, where=str(ref))
    return {
        "kind": "table",
        "fingerprint": fingerprint,
        "algorithm": TABLE_ALGORITHM,
        "object": f"objects/{ref.asset}/{fingerprint}.parquet",
        "rows": rows,
        "columns": tuple(Column(name=str(column[0]), type=str(column[1])) for column in described),
    }
