"""Reads CSV dumps through pyarrow's streaming reader, with errors that name file and row.

pyarrow is lenient with quotes, so ``csv_quotes`` checks the bytes on their way to it.
"""

import io
import re
from collections.abc import Callable, Iterator
from typing import TypeVar

import polars as pl
import pyarrow as pa
import pyarrow.csv as pa_csv

from sg_assets.errors import SgAssetsError
from sg_assets.ingest.columns import ColumnNames, chosen
from sg_assets.ingest.csv_dialect import DELIMITERS, CsvDialect
from sg_assets.ingest.csv_quotes import CsvQuotes, QuoteFault, row_at
from sg_assets.ingest.csv_swallowed import swallowing_row
from sg_assets.ingest.files import BLOCK, BOM, DataFile, is_utf8

_HEADER = 1 << 20  # bytes in which a header has to end
# A handler of such rows would be given their text, and end in a traceback where that is not UTF-8.
_RAGGED = re.compile(r"Row #(?P<row>\d+): Expected (?P<expected>\d+) columns, got (?P<fields>\d+)")
_NULL = r"\N"  # of MySQL and Postgres, where backslashes escape

_Result = TypeVar("_Result")


def read_csv(file: DataFile, columns: ColumnNames) -> Iterator[tuple[pl.DataFrame, int]]:
    """Frames of the fields, and the number of rows before each; the header counts as a row.

    Texts may hold newlines. The whole row must have as many fields as the header, and quotes must follow RFC 4180 or
    the declared dialect.

    Raises:
        SgAssetsError: no column for the text, or a row or quote is malformed; names file and row.
    """
    dialect = _dialect(file, columns)
    with _Stream(file, dialect) as stream:
        header = _Table(file, stream, dialect, []).names
    own = columns.of_header(header, str(file.path))
    names = list(dict.fromkeys(name for names in own.values() for name in names))
    with _Stream(file, dialect) as stream:
        rows = 1
        for batch in _Table(file, stream, dialect, header):
            _refuse_swallowed_rows(batch, file, dialect, rows)
            frame = _decode(batch.select([batch.schema.names.index(name) for name in names]), file, rows)
            if dialect.escape == "backslash":
                frame = frame.select(pl.all().replace(_NULL, None))
            yield chosen(frame, own), rows
            rows += batch.num_rows


def _dialect(file: DataFile, columns: ColumnNames) -> CsvDialect:
    """The declared dialect, with the delimiter that gives the header a column of texts where none is declared."""
    if columns.csv.delimiter is not None:
        return columns.csv
    try:
        with file.open() as stream:
            start = stream.read(_HEADER).removeprefix(BOM)
    except (pa.ArrowException, OSError) as error:
        raise file.unreadable(0, error) from None
    headers = {mark: columns.csv.header(start, mark) for mark in DELIMITERS}
    # A header of one name has it with every delimiter: only the comma needs no sign of itself.
    fitting = [
        mark for mark, names in headers.items() if columns.spelled(names)["text"] and (mark == "," or len(names) > 1)
    ]
    if len(fitting) > 1:
        remedy = "Declare `raw.csv: {delimiter: ...}` in the profile."
        raise file.malformed(1, f"the delimiter may be any of {' '.join(map(repr, fitting))}", remedy)
    return columns.csv.model_copy(update={"delimiter": fitting[0] if fitting else ","})


class _Stream(io.RawIOBase):
    """A file's bytes without byte order mark, as the parser takes them; its quotes are checked on the way."""

    def __init__(self, file: DataFile, dialect: CsvDialect) -> None:
        self._file = file
        self._dialect = dialect
        self._stream = file.open()
        self._quotes = _quotes(dialect)
        self._ready = b""
        self._held = b""
        self._started = False
        self._ended = False

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        self._stream.close()
        super().close()

    def read(self, size: int = -1, /) -> bytes:
        # As much as is asked for: the parser takes a shorter answer for a block, and refuses rows longer than one.
        while not self._ended and (size < 0 or len(self._ready) < size):
            self._ready += self._next(size)
        end = len(self._ready) if size < 0 else size
        served, self._ready = self._ready[:end], self._ready[end:]
        return served

    def _next(self, size: int) -> bytes:
        data: bytes = self._stream.read(size)
        self._ended = not data
        if not self._started:
            self._file.refuse_other_content(data)
            data = data.removeprefix(BOM)
            self._started = True
        self._check(data)
        return self._translated(data)

    def _translated(self, data: bytes) -> bytes:
        if self._dialect.escape == "double":
            return data
        data = self._held + data
        cut = len(data) if self._ended else len(data.rstrip(b"\\"))
        self._held = data[cut:]
        return self._dialect.for_parser(data[:cut])

    def _check(self, data: bytes) -> None:
        if self._quotes is None:
            return
        fault = self._quotes.end() if self._ended else self._quotes.feed(data)
        if fault is not None:
            raise _quote_error(self._file, self._dialect, fault)


def _quotes(dialect: CsvDialect) -> CsvQuotes | None:
    if dialect.quote is None:
        return None
    return CsvQuotes(dialect.delimiter or ",", dialect.quote, backslash=dialect.escape == "backslash")


def _quote_error(file: DataFile, dialect: CsvDialect, fault: QuoteFault) -> SgAssetsError:
    quotes = _quotes(dialect)
    row = row_at(_blocks(file), quotes, fault.opened) if quotes else None
    if fault.unclosed:
        return file.malformed(row, "a quote is opened and never closed", 'Write a quote inside a text as "".')
    remedy = 'Write a quote inside a text as "", and close every text that is opened.'
    if fault.after_backslash:
        remedy = "Where quotes are escaped by a backslash, declare `raw.csv: {escape: backslash}` in the profile."
    return file.malformed(
        row, "a quote inside a quoted text is followed by neither a delimiter, a line end nor a second quote", remedy
    )


def _refuse_swallowed_rows(batch: pa.RecordBatch, file: DataFile, dialect: CsvDialect, rows: int) -> None:
    if dialect.quote is None or dialect.rows_in_texts:
        return
    row = swallowing_row(batch.columns, dialect.delimiter or ",")
    if row is not None:
        remedy = "Close its quote, or declare `raw.csv: {rows_in_texts: true}` in the profile if texts hold rows."
        raise file.malformed(
            rows + row + 1,
            "a quoted text holds whole rows: is its closing quote forgotten?",
            remedy,
        )


def _blocks(file: DataFile) -> Iterator[bytes]:
    with file.open() as stream:
        yield stream.read(BLOCK).removeprefix(BOM)
        while data := stream.read(BLOCK):
            yield data


class _Table:
    """The record batches of one CSV stream, columns of these names as raw bytes."""

    def __init__(self, file: DataFile, stream: _Stream, dialect: CsvDialect, names: list[str]) -> None:
        self._file = file
        self._rows = 1
        types = dict.fromkeys(names, pa.binary())
        self._reader: pa_csv.CSVStreamingReader = self._guarded(
            lambda: pa_csv.open_csv(
                pa.PythonFile(stream, mode="r"),
                read_options=pa_csv.ReadOptions(block_size=BLOCK, use_threads=False),  # threads lose the row number
                parse_options=pa_csv.ParseOptions(
                    delimiter=dialect.delimiter,
                    quote_char=dialect.quote or False,
                    escape_char="\\" if dialect.escape == "backslash" else False,
                    newlines_in_values=True,
                ),
                convert_options=pa_csv.ConvertOptions(column_types=types),
            )
        )

    @property
    def names(self) -> list[str]:
        try:
            return list(self._reader.schema.names)
        except UnicodeDecodeError:
            raise self._file.malformed(1, "the header is not UTF-8") from None

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        while (batch := self._guarded(lambda: next(self._reader, None))) is not None:
            self._rows += batch.num_rows
            yield batch

    def _guarded(self, action: Callable[[], _Result]) -> _Result:
        try:
            return action()
        except (pa.ArrowException, OSError) as error:
            raise self._error(str(error), error) from None  # pyarrow's own message quotes the text

    def _error(self, message: str, error: Exception) -> Exception:
        if (ragged := _RAGGED.search(message)) is not None:
            fields = f"the row has {ragged['fields']} fields, the header has {ragged['expected']}"
            return self._file.malformed(int(ragged["row"]), fields)
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
        raise file.not_utf8(rows + bad) from None
