"""Fingerprints, which name contents: independent of row order, threads and file layout."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

TABLE_ALGORITHM = "duckdb-hash-v1"
"""Named in every manifest: a change of it is a change of every version, and must be seen as one."""
FOLDER_ALGORITHM = "sha256-files-v1"


@dataclass(frozen=True)
class TableScan:
    """The results of one pass over a table."""

    fingerprint: str
    rows: int
    columns: tuple[tuple[str, str], ...]
    """Names and types, in order."""
    incomplete: int
    """Rows where a column that should be present is not."""


def scan_table(connection: duckdb.DuckDBPyConnection, relation: str, present: Sequence[str] = ()) -> TableScan:
    """Fingerprint, rows and columns of a relation, and how many rows lack a value of ``present``.

    The fingerprint is order-free over rows, sensitive to repeated rows (count, xor and sum of row hashes together), to
    column names and types. DuckDB's ``hash`` is not promised stable over releases; a golden test guards it.

    Args:
        connection: Where the relation can be read.
        relation: A table, view or table function call, as trusted SQL text.
        present: Columns to count missing values of; those the relation lacks are passed over.
    """
    described = connection.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()
    columns = tuple((str(column[0]), str(column[1])) for column in described)
    values = ", ".join(hashable(name, type_) for name, type_ in columns)
    missing = [f"{quote(name)} IS NULL" for name, _ in columns if name in present]
    # The outer hash: DuckDB joins columns by xor, so a bare row hash would hardly see values that swapped rows.
    aggregates = connection.execute(
        f"SELECT count(*), bit_xor(h), sum(h::HUGEINT), count(*) FILTER (lacks) "
        f"FROM (SELECT hash(hash({values})) AS h, {' OR '.join(missing) or 'false'} AS lacks FROM {relation})"
    ).fetchall()
    count, xor, total, incomplete = aggregates[0]
    schema = [list(column) for column in columns]
    fingerprint = _digest([TABLE_ALGORITHM, schema, str(count), str(xor), str(total)])
    return TableScan(fingerprint, int(count), columns, int(incomplete))


def folder_fingerprint(folder: Path) -> tuple[str, dict[str, str]]:
    """Fingerprint of a folder's files, and each file's sha256 by relative name."""
    files = {
        path.relative_to(folder).as_posix(): file_sha256(path) for path in sorted(folder.rglob("*")) if path.is_file()
    }
    return _digest([FOLDER_ALGORITHM, files]), files


def file_sha256(path: Path) -> str:
    """The sha256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def source_digest(files: Iterable[tuple[str, Path]]) -> list[dict[str, str | int]]:
    """Name, size in bytes and sha256 of outside files: what a version was made from, without where they lay."""
    return [{"name": name, "bytes": path.stat().st_size, "sha256": file_sha256(path)} for name, path in files]


def json_digest(value: object) -> str:
    """A digest of plain data, independent of key order."""
    return _digest(value)


def quote(name: str) -> str:
    """A column name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def hashable(name: str, type_: str) -> str:
    """A column in SQL, as it is hashed: to DuckDB's hash an empty list equals a missing one, and lists have no end."""
    nested = type_.endswith("]") or type_.startswith(("STRUCT", "MAP", "UNION"))
    return f"to_json({quote(name)})" if nested else quote(name)


def _digest(value: object) -> str:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()[:32]
