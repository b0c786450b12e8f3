"""The rows of a mirrored dataset as a table of the declared columns."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import polars as pl
import pyarrow as pa

from sg_assets.declarations.records.dataset import ROW_ID
from sg_assets.errors import SgAssetsError, nearest
from sg_assets.hub.dataset_selection import format_of
from sg_assets.ingest.decompression import Decompressed
from sg_assets.ingest.files import BLOCK
from sg_assets.store.engine import PARQUET_LEVEL

if TYPE_CHECKING:
    from sg_assets.declarations.records.dataset import DatasetColumn
    from sg_assets.store.workspace import Workspace

_TYPES: Final[Mapping[str, pl.DataType]] = {
    "VARCHAR": pl.String(),
    "BIGINT": pl.Int64(),
    "DOUBLE": pl.Float64(),
    "BOOLEAN": pl.Boolean(),
    "VARCHAR[]": pl.List(pl.String()),
}
_TRUTH: Final = {"true": True, "false": False, "1": True, "0": False}
_CODECS: Final = {".gz": "gzip", ".zst": "zstd"}
_LARGEST_ARRAY: Final = 2 << 30
"""Bytes of a JSON file that is one list: it is read as a whole."""


def write_dataset(workspace: "Workspace", mirror: str, columns: "Mapping[str, DatasetColumn]") -> None:
    """Write the rows of a mirror, by file name and position, with the declared columns.

    Args:
        workspace: Of the table.
        mirror: The asset of the files.
        columns: The columns, with those that they are read from.

    Raises:
        SgAssetsError: a file cannot be read, lacks a column, or holds a value of another type; quotes no value.
    """
    folder = workspace.input_path(mirror)
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    frames = [_opened(mirror, folder, name, workspace.folder) for name in names]
    try:
        selected = [_selected(frame, columns, f"{mirror}, {name}") for name, frame in zip(names, frames, strict=True)]
        rows = pl.concat(selected).with_row_index(ROW_ID, offset=1).with_columns(pl.col(ROW_ID).cast(pl.Int64))
        rows.sink_parquet(workspace.table_file, compression="zstd", compression_level=PARQUET_LEVEL)
    except (pl.exceptions.PolarsError, OSError) as error:
        # Not chained: the reader's error quotes values.
        raise _misread(mirror, names, frames, columns, type(error).__name__) from None
    workspace.details.update(files=len(names))


def _opened(mirror: str, folder: Path, name: str, scratch: Path) -> pl.LazyFrame:
    try:
        return _scanned(folder, name, scratch)
    except (pl.exceptions.PolarsError, pa.ArrowException, OSError) as error:
        raise _unreadable(f"{mirror}, {name}", error) from None


def _unreadable(where: str, error: Exception) -> SgAssetsError:
    """The error for a file that a reader refuses; its text quotes values, so only its kind is told."""
    remedy = "Choose other files by `files:`; the mirror holds them as they are published"
    return SgAssetsError("the file cannot be read", where=where, why=type(error).__name__, remedy=remedy)


def _scanned(folder: Path, name: str, scratch: Path) -> pl.LazyFrame:
    path, format_ = folder / name, format_of(name)
    codec = _CODECS.get(path.suffix)
    if codec is not None:
        unpacked = scratch / "unpacked" / path.relative_to(folder).with_suffix("")
        unpacked.parent.mkdir(parents=True, exist_ok=True)
        with Decompressed(path, codec) as packed, unpacked.open("wb") as plain:
            while block := packed.read(BLOCK):
                plain.write(block)
        path = unpacked
    if format_ == "parquet":
        return pl.scan_parquet(path)
    if format_ == "csv":
        return pl.scan_csv(path, infer_schema=False)
    if format_ == "jsonl":
        return pl.scan_ndjson(path, infer_schema_length=None)
    if path.stat().st_size > _LARGEST_ARRAY:
        raise SgAssetsError(f"has {path.stat().st_size:,} bytes", where=name, why="a list in JSON is read as a whole")
    return pl.read_json(path, infer_schema_length=None).lazy()


def _selected(frame: pl.LazyFrame, columns: "Mapping[str, DatasetColumn]", where: str) -> pl.LazyFrame:
    schema = frame.collect_schema()
    for column in columns.values():
        if column.column not in schema:
            problem, remedy = f"there is no column '{column.column}'", nearest(column.column, schema.names())
            raise SgAssetsError(problem, where=where, remedy=remedy)
    return frame.select(
        _read_as(column, schema[column.column], strict=True).alias(name) for name, column in columns.items()
    )


def _read_as(column: "DatasetColumn", given: pl.DataType, *, strict: bool) -> pl.Expr:
    """A column's values with other words and of the declared type."""
    value, wanted = pl.col(column.column), _TYPES[column.type]
    if given == wanted and not column.values:
        return value
    if given.is_nested() and wanted.is_nested():
        return value.cast(wanted, strict=strict)
    if given.is_nested() or wanted.is_nested():
        return value.cast(pl.Int64, strict=True) if strict else pl.lit(None, dtype=wanted)
    if column.values:
        value, given = value.cast(pl.String).replace(column.values), pl.String()
    if wanted == pl.Boolean() and given == pl.String():
        lower = value.str.to_lowercase()
        return lower.replace_strict(_TRUTH, **({} if strict else {"default": None}), return_dtype=pl.Boolean)
    return value.cast(wanted, strict=strict)


def _misread(
    mirror: str,
    names: Sequence[str],
    frames: Sequence[pl.LazyFrame],
    columns: "Mapping[str, DatasetColumn]",
    problem: str,
) -> SgAssetsError:
    """The error for files that polars did not read to the end: the first value of another type, or the file."""
    for name, frame in zip(names, frames, strict=True):
        where = f"{mirror}, {name}"
        try:
            schema = frame.collect_schema()
            for column in columns.values():
                misread = (
                    pl.col(column.column).is_not_null()
                    & _read_as(column, schema[column.column], strict=False).is_null()
                )
                first = frame.select(misread.alias("misread")).with_row_index("at").filter("misread").first().collect()
                if first.height:
                    return SgAssetsError(
                        f"the value of '{column.column}' cannot be read as {column.type}",
                        where=f"{where}, row {first['at'][0] + 1}",
                        remedy="Declare another type, or other words for its values",
                    )
        except (pl.exceptions.PolarsError, OSError) as error:
            return _unreadable(where, error)
    return SgAssetsError(
        "the files cannot be read together", where=mirror, why=problem, remedy="Choose files by `files:`"
    )
