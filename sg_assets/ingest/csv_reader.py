"""Reads CSV dumps through pyarrow's streaming reader, with errors that name file and row."""

import io
from collections.abc import Callable, Iterator
from typing import TypeVar

import polars as pl
import pyarrow as pa
import pyarrow.csv as pa_csv

from sg_assets.ingest.columns import ColumnNames, chosen
from sg_assets.ingest.files import BLOCK, DataFile, is_utf8

_Result = TypeVar("_Result")


def read_csv(file: DataFile, columns: ColumnNames) -> Iterator[tuple[pl.DataFrame, int]]:
    """Frames of the fields, and the number of rows before each; the header counts as a row.

    Texts may hold newlines. The whole row must have as many fields as the header, and every quote must be closed.
    """
    with _Stream(file) as stream:
        own = columns.of_header(_Table(file, stream, None).names, str(file.path))
    with _Stream(file) as stream:
        rows = 1
        for batch in _Table(file, stream, [name for names in own.values() for name in names]):
            yield chosen(_decode(batch, file, rows), own), rows
            rows += batch.num_rows
        if stream.quotes % 2:
            raise file.malformed(None, "a quote is opened and never closed", 'Write a quote inside a text as "".')


class _Stream(io.RawIOBase):
    """A file's bytes, with the quotes in them counted: pyarrow takes what follows a last unclosed quote for a text."""

    def __init__(self, file: DataFile) -> None:
        self._stream = file.open()
        self._file = file
        self._started = False
        self.quotes = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        data: bytes = self._stream.read(size)
        if not self._started:
            self._file.refuse_utf16(data)
            self._started = True
        self.quotes += data.count(b'"')
        return data


class _Table:
    """The record batches of one CSV stream: the given columns as raw bytes, or all of them for the header's sake."""

    def __init__(self, file: DataFile, stream: _Stream, include: list[str] | None) -> None:
        self._file = file
        self._ragged: pa_csv.InvalidRow = None
        self._rows = 1
        types = dict.fromkeys(include or [], pa.binary())
        self._reader: pa_csv.CSVStreamingReader = self._told(
            lambda: pa_csv.open_csv(
                pa.PythonFile(stream, mode="r"),
                read_options=pa_csv.ReadOptions(block_size=BLOCK, use_threads=False),  # threads lose the row number
                parse_options=pa_csv.ParseOptions(newlines_in_values=True, invalid_row_handler=self._note),
                convert_options=pa_csv.ConvertOptions(column_types=types, include_columns=include),
            )
        )

    @property
    def names(self) -> list[str]:
        return list(self._reader.schema.names)

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        while (batch := self._told(lambda: next(self._reader, None))) is not None:
            self._rows += batch.num_rows
            yield batch

    def _note(self, row: pa_csv.InvalidRow) -> str:
        self._ragged = row
        return "error"

    def _told(self, action: Callable[[], _Result]) -> _Result:
        try:
            return action()
        except (pa.ArrowException, OSError) as error:
            raise self._error(str(error), error) from None  # pyarrow's own message quotes the text

    def _error(self, message: str, error: Exception) -> Exception:
        if (bad := self._ragged) is not None:
            fields = f"the row has {bad.actual_columns} fields, the header has {bad.expected_columns}"
            return self._file.malformed(bad.number, fields)
        if "straddling" in message:
            return self._file.malformed(self._rows + 1, f"longer than {BLOCK >> 20} MiB: is a quote never closed?")
        if "mpty CSV" in message:
            return self._file.malformed(None, "the CSV has no header line")
        return self._file.unreadable(self._rows, error)


def _decode(batch: pa.RecordBatch, file: DataFile, rows: int) -> pl.DataFrame:
    frame = pl.DataFrame(pl.from_arrow(batch))
    try:
        return frame.cast(pl.String)
    except pl.exceptions.PolarsError:
        bad = next(number for number, row in enumerate(frame.iter_rows(), 1) if not all(map(is_utf8, row)))
        raise file.malformed(rows + bad, "the text is not UTF-8") from None
