"""A slow and plain reader of raw files, for the tests alone: one row after the other, one letter after the other.

It shares no code with the readers that it is compared with.
"""

import gzip
import io
import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

FIELDS: dict[str, tuple[str, ...]] = {
    "text": ("text", "body", "selftext"),
    "source": ("source", "forum"),
    "split": ("side",),
}
SIDES = ("train", "dev", "holdout")
Row = tuple[int, dict[str, str | None]]


class PlainFaultError(Exception):
    """A file that has to be refused, by row where a row is to blame."""

    def __init__(self, name: str, row: int | None) -> None:
        self.name = name
        self.row = row
        super().__init__(f"{name}, row {row}")


@dataclass
class PlainTables:
    """What comes of a folder."""

    kept: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    """Source and side by text."""
    rejected: list[tuple[str, int, str]] = field(default_factory=list)
    """File, row and reason."""


def read_plainly(files: dict[str, bytes]) -> PlainTables:
    """Read a folder of files.

    Raises:
        PlainFaultError: one of them is to be refused.
    """
    tables = PlainTables()
    for name in sorted(files):
        for row, values in _rows(name, files[name]):
            _add(tables, name, row, values)
    return tables


def _add(tables: PlainTables, name: str, row: int, values: dict[str, str | None]) -> None:
    text, source = _clean(values["text"]), _clean(values["source"]) or name
    side: str | None = (values["split"] or "").strip().lower() or None
    if side is not None and side not in SIDES:
        raise PlainFaultError(name, row)
    if re.fullmatch(r"\[(removed|deleted)\]", text):
        tables.rejected.append((name, row, "removed"))
    elif not text:
        tables.rejected.append((name, row, "empty"))
    elif text not in tables.kept:
        tables.kept[text] = source, side
    else:
        tables.rejected.append((name, row, "duplicate"))
        first, given = tables.kept[text]
        tables.kept[text] = first, max(given, side, key=lambda known: SIDES.index(known) if known else -1)


def _clean(text: str | None) -> str:
    return unicodedata.normalize("NFC", re.sub("\r\n?", "\n", text or "")).strip()


def _rows(name: str, data: bytes) -> Iterator[Row]:
    if name.endswith(".gz"):
        data = gzip.decompress(data)
    elif name.endswith(".zst"):
        data = pa.CompressedInputStream(pa.BufferReader(data), "zstd").read()
    data = data.removeprefix(b"\xef\xbb\xbf")
    if ".parquet" in name:
        return _parquet(name, data)
    return _json(name, data) if ".jsonl" in name else _csv(name, data)


def _chosen(name: str, row: int, cells: list[tuple[str, Any]]) -> dict[str, str | None]:
    """The first accepted column with a value, by field."""
    chosen: dict[str, str | None] = {}
    for wanted, accepted in FIELDS.items():
        chosen[wanted] = None
        for column in accepted:
            values = [value for key, value in cells if key.strip().lower() == column]
            if len(values) > 1:
                raise PlainFaultError(name, row)
            value = values[0] if values else None
            if isinstance(value, int | float) and not isinstance(value, bool) and wanted == "source":
                value = str(value)
            if value is None or (isinstance(value, str) and not value.strip()):
                continue
            if not isinstance(value, str):
                raise PlainFaultError(name, row)
            chosen[wanted] = value
            break
    return chosen


def _json(name: str, data: bytes) -> Iterator[Row]:
    row, accepted = 0, False
    for line in data.split(b"\n"):
        if not line.strip(b" \t\r"):
            continue
        row += 1
        try:
            pairs = json.loads(line.decode(), object_pairs_hook=list, parse_constant=_no_constant)
        except (ValueError, RecursionError):
            raise PlainFaultError(name, row) from None
        if not isinstance(pairs, list) or not line.strip().startswith(b"{"):
            raise PlainFaultError(name, row)
        accepted |= any(key.strip().lower() in FIELDS["text"] for key, _ in pairs)
        values = _chosen(name, row, pairs)
        yield row, {key: value and re.sub("[\ud800-\udfff]", "\ufffd", value) for key, value in values.items()}
    if not accepted:
        raise PlainFaultError(name, None)


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _parquet(name: str, data: bytes) -> Iterator[Row]:
    table = pq.read_table(io.BytesIO(data))
    for at in range(table.num_rows):
        cells = []
        for column in table.column_names:
            try:
                cells.append((column, table.column(column)[at].as_py()))
            except UnicodeDecodeError:
                raise PlainFaultError(name, at + 1) from None
        yield at + 1, _chosen(name, at + 1, cells)


def _csv(name: str, data: bytes) -> Iterator[Row]:
    header: list[str] | None = None
    for row, record in enumerate(_records(name, data, _delimiter(data)), 1):
        try:
            cells = [cell.decode() for cell in record]
        except UnicodeDecodeError:
            raise PlainFaultError(name, row) from None
        if header is None:
            header = cells
        elif len(cells) != len(header):
            raise PlainFaultError(name, row)
        else:
            yield row, _chosen(name, row, list(zip(header, cells, strict=True)))


def _delimiter(data: bytes) -> bytes:
    """The tests' headers hold no delimiter but the one."""
    header = data.lstrip(b"\r\n").splitlines()[0]
    return next((mark for mark in (b",", b";", b"\t", b"|") if mark in header), b",")


def _records(name: str, data: bytes, delimiter: bytes) -> Iterator[list[bytes]]:
    """Records by RFC 4180; a quote inside a field without quotes is a letter."""
    record, cell, at, row = list[bytes](), b"", 0, 1
    while at < len(data):
        if not cell and data[at : at + 1] == b'"' and (not at or data[at - 1 : at] in (delimiter, b"\n", b"\r")):
            cell, at = _quoted(name, row, data, at + 1, delimiter)
            continue
        letter = data[at : at + 1]
        at += 1
        if letter == delimiter:
            record.append(cell)
            cell = b""
        elif letter not in b"\r\n":
            cell += letter
        elif record or cell or data[at - 2 : at - 1] == b'"':
            yield [*record, cell]
            record, cell, row = [], b"", row + 1
    if record or cell or data[-1:] == b'"':
        yield [*record, cell]


def _quoted(name: str, row: int, data: bytes, at: int, delimiter: bytes) -> tuple[bytes, int]:
    cell = b""
    while True:
        end = data.find(b'"', at)
        if end < 0:
            raise PlainFaultError(name, row)
        cell += data[at:end]
        after = data[end + 1 : end + 2]
        if after != b'"':
            if after in (b"", delimiter, b"\r", b"\n"):
                return cell, end + 1
            raise PlainFaultError(name, row)
        cell += b'"'
        at = end + 2
