"""Reads comment files of every accepted format in batches of bounded size, and says which row is malformed.

A batch is a polars frame ``row`` (1-based), ``text``, ``source``, ``split``: raw strings or null. No error here quotes
a text, since texts are not masked yet; parser errors, which do, are not chained.
"""

import json
from collections.abc import Iterator, Sequence

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from sg_assets.ingest.columns import ColumnNames
from sg_assets.ingest.csv_reader import read_csv
from sg_assets.ingest.files import BLOCK, DataFile, blocks, is_utf8

_BATCH_ROWS = 16_384
_FIELDS = ("text", "source", "split")


def read(file: DataFile, columns: ColumnNames) -> Iterator[pl.DataFrame]:
    """The file's rows in order, in batches.

    Raises:
        SgAssetsError: no text column, or the file is malformed; names file and row.
    """
    reader = {"json": _read_json, "csv": read_csv, "parquet": _read_parquet}[file.format]
    for frame, names, rows in reader(file, columns):
        fields = [
            pl.col(names[field]).alias(field) if field in names else pl.lit(None, pl.String).alias(field)
            for field in _FIELDS
        ]
        yield frame.select(fields).with_row_index("row", offset=rows + 1)


def _read_json(file: DataFile, columns: ColumnNames) -> Iterator[tuple[pl.DataFrame, dict[str, str], int]]:
    names: dict[str, str] | None = None
    rows = 0
    for block in blocks(file):
        lines = block.removeprefix(b"\xef\xbb\xbf") if names is None else block
        names = names or columns.find(_keys(lines, file), str(file.path))
        frame = _parse_json(lines, list(names.values()), file, rows)
        yield frame, names, rows
        rows += frame.height


def _keys(block: bytes, file: DataFile) -> list[str]:
    """Columns of the first hundred objects: a dump may leave a key out of an object that has no value for it."""
    keys: dict[str, None] = {}
    for number, line in enumerate([line for line in block.split(b"\n", 100)[:100] if line.strip()], 1):
        try:
            keys |= dict.fromkeys(json.loads(line).keys())
        except (ValueError, AttributeError):
            raise file.malformed(number, _json_fault(line)) from None
    return list(keys)


def _parse_json(block: bytes, names: Sequence[str], file: DataFile, rows: int) -> pl.DataFrame:
    schema = dict.fromkeys(names, pl.String)
    try:
        return pl.read_ndjson(block, schema=schema)
    except pl.exceptions.PolarsError:
        lines = [line for line in block.split(b"\n") if line.strip()]
        bad = _first_bad(lines, schema)
        raise file.malformed(rows + bad + 1, _json_fault(lines[bad])) from None


def _first_bad(lines: Sequence[bytes], schema: dict[str, type[pl.String]]) -> int:
    """Index of the first line the parser refuses, by halving: the parser itself does not say."""
    good, bad = 0, len(lines)
    while bad - good > 1:
        middle = (good + bad) // 2
        try:
            pl.read_ndjson(b"\n".join(lines[good:middle]), schema=schema)
            good = middle
        except pl.exceptions.PolarsError:
            bad = middle
    return good


def _json_fault(line: bytes) -> str:
    return "this line is not one JSON object" if is_utf8(line) else "the text is not UTF-8"


def _read_parquet(file: DataFile, columns: ColumnNames) -> Iterator[tuple[pl.DataFrame, dict[str, str], int]]:
    rows = 0
    try:
        with pq.ParquetFile(file.path, buffer_size=BLOCK, pre_buffer=False) as parquet:
            names = columns.find(parquet.schema_arrow.names, str(file.path))
            _refuse_other_types(parquet.schema_arrow.field(names["text"]), file)
            for batch in parquet.iter_batches(_BATCH_ROWS, columns=list(names.values())):
                yield pl.DataFrame(pl.from_arrow(batch)).cast(pl.String), names, rows
                rows += batch.num_rows
    except (pa.ArrowException, OSError) as error:
        raise file.unreadable(rows, error) from None


def _refuse_other_types(field: pa.Field, file: DataFile) -> None:
    kind = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)):
        raise file.malformed(None, f"column {field.name} holds {field.type}, not text", "Name another column.")
