"""Reads Parquet dumps batch by batch.

Texts are validated before anything reads them: the format promises UTF-8, and readers crash where a file breaks that.
"""

import mmap
from collections.abc import Iterator, Sequence

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from sg_assets.ingest.columns import FIELDS, KEPT, ColumnNames, chosen
from sg_assets.ingest.decompression import FREE, MOST_TIMES, expands
from sg_assets.ingest.files import BLOCK, DataFile

_BATCH_ROWS = 16_384
_FREE_ROWS = 10_000_000  # that a file of any size may have
_ARROW_TYPES = b"ARROW:schema"  # the key of the types that Arrow had, in the file's footer
_JOIN = "Declare `raw.columns.join_text_parts: true` in the profile to read its parts joined, or name another column."


def read_parquet(file: DataFile, columns: ColumnNames) -> Iterator[tuple[pl.DataFrame, int]]:
    """Frames of the fields, and the number of rows before each.

    Raises:
        SgAssetsError: no column for the text, one that holds no text, bytes that are not UTF-8, or a damaged file.
    """
    rows, names = 0, list[str]()
    try:
        # Its own checksums are compared where it has any: flipped bits decompress to other texts.
        with pq.ParquetFile(file.path, buffer_size=BLOCK, pre_buffer=False, page_checksum_verification=True) as parquet:
            schema = parquet.schema_arrow
            _refuse_bombs(file, parquet.metadata)
            own = columns.of_header(schema.names, str(file.path))
            own["author"] = [name for name in own["author"] if _is_text(schema.field(name).type)]
            for field in KEPT:
                _refuse_other_types(file, field, [schema.field(name) for name in own[field]], columns)
            names = [name for field in FIELDS for name in own[field]]
            for batch in parquet.iter_batches(_BATCH_ROWS, columns=names):
                frame = pl.DataFrame({name: _texts(file, batch.column(name), rows) for name in names})
                yield chosen(frame, own), rows
                rows += batch.num_rows
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        if "UTF8" in str(error):  # a dictionary, which Arrow itself validates when it reads it
            _refuse_not_utf8(file, names)
        raise file.unreadable(rows, error) from None


def _refuse_not_utf8(file: DataFile, names: Sequence[str]) -> None:
    """Find the row of a dictionary's text that is not UTF-8: the file read as if Arrow had not noted its own types."""
    with file.path.open("rb") as opened:
        data = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_COPY)
    noted = data.rfind(_ARROW_TYPES)
    if noted >= 0:
        data[noted : noted + len(_ARROW_TYPES)] = _ARROW_TYPES.lower()
    with pq.ParquetFile(pa.BufferReader(pa.py_buffer(data))) as parquet:
        rows = 0
        for batch in parquet.iter_batches(_BATCH_ROWS, columns=list(names)):
            for name in names:
                _texts(file, batch.column(name), rows)
            rows += batch.num_rows


def _refuse_bombs(file: DataFile, footer: pq.FileMetaData) -> None:
    """Refuse a file that says that it holds more than any dump of its size does."""
    groups = [footer.row_group(number) for number in range(footer.num_row_groups)]
    size = file.path.stat().st_size
    if sum(group.total_byte_size for group in groups) > max(FREE, MOST_TIMES * size):
        raise expands(file.path)
    if footer.num_rows > max(_FREE_ROWS, MOST_TIMES * size):
        raise expands(file.path)


def _refuse_other_types(file: DataFile, field: str, columns: Sequence[pa.Field], names: ColumnNames) -> None:
    for column in columns:
        kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
        if _is_text(kind) or pa.types.is_null(kind) or (field == "source" and pa.types.is_integer(kind)):
            continue
        parts = field == "text" and _is_list_of_texts(kind)
        if not parts or not names.join_text_parts:
            remedy = _JOIN if parts else "Name another column."
            raise file.malformed(None, f"column {column.name} holds {column.type}, not text", remedy)


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def _is_list(kind: pa.DataType) -> bool:
    return bool(pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind))


def _is_list_of_texts(kind: pa.DataType) -> bool:
    if not _is_list(kind):
        return False
    part = kind.value_type
    if pa.types.is_struct(part):
        return part.get_field_index("text") >= 0 and _is_text(part.field("text").type)
    return _is_text(part)


def _texts(file: DataFile, column: pa.Array, rows: int) -> pl.Series:
    """A column as texts, validated."""
    try:
        _validate(column)
    except pa.ArrowInvalid:
        bad = next(at for at in range(len(column)) if not _is_valid(column.slice(at, 1)))
        raise file.malformed(rows + bad + 1, "the text is not UTF-8") from None
    if pa.types.is_null(column.type):
        return pl.Series([None] * len(column), dtype=pl.String)
    series = pl.Series(pl.from_arrow(column))
    return _joined(series, column.type.value_type) if _is_list(column.type) else series.cast(pl.String)


def _joined(lists: pl.Series, part: pa.DataType) -> pl.Series:
    texts = pl.element().struct.field("text") if pa.types.is_struct(part) else pl.element()
    if isinstance(lists.dtype, pl.Array):
        lists = lists.arr.to_list()
    return lists.list.eval(texts).list.join("", ignore_nulls=True)


def _validate(column: pa.Array) -> None:
    if pa.types.is_dictionary(column.type):
        column.dictionary.validate(full=True)
    column.validate(full=True)


def _is_valid(value: pa.Array) -> bool:
    try:
        value.to_pylist()
    except (UnicodeDecodeError, pa.ArrowException):
        return False
    return True
