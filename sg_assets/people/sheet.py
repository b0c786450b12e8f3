"""The sheet that people fill in: a CSV that spreadsheets open as it is, read back strictly."""

import codecs
import csv
import io
import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sg_assets.errors import SgAssetsError, nearest
from sg_assets.people.sheet_cells import original_cell, safe_cell

if TYPE_CHECKING:
    import polars as pl

COLUMNS: Final = (
    "sample", "benchmark", "variant", "item_id", "answer_digest", "flag", "prompt", "answer", "label",
)  # fmt: skip
"""The columns of a sheet; the last is for people to fill in."""
FIRST_ROW: Final = 2
"""The number of the first row below the header, as spreadsheets count."""
_DELIMITERS: Final = (",", ";", "\t")
"""What spreadsheets write between cells, by country."""
_MOST_BYTES: Final = 1 << 28


def require_new(file: Path) -> None:
    """Raise where a sheet would be written over a file.

    Raises:
        SgAssetsError: the file exists.
    """
    if file.exists() or file.is_symlink():
        remedy = "Name another file with --out: labels may be in this one"
        raise SgAssetsError("the file exists already", where=str(file), remedy=remedy)


def write_sheet(file: Path, drawn: "pl.DataFrame", sample: str) -> None:
    """Write a sheet for its owner alone; UTF-8 with a byte order mark, by which Excel knows the encoding.

    Args:
        file: It must not exist yet.
        drawn: The answers with their texts, as `label_sample.with_texts` gives them.
        sample: The sample that they are of.

    Raises:
        SgAssetsError: the file exists, or cannot be written.
    """
    import polars as pl

    names = {"answer": "answer_digest", "response": "answer"}
    rows = drawn.sort("position").rename(names).with_columns(sample=pl.lit(sample))
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(COLUMNS)
    writer.writerows([*map(safe_cell, row), ""] for row in rows.select(COLUMNS[:-1]).iter_rows())
    data = codecs.BOM_UTF8 + text.getvalue().encode("utf-8")
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        require_new(file)
        raise
    except OSError as error:
        raise SgAssetsError("the file cannot be written", where=str(file), why=error.strerror) from error
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(data)


def read_sheet(file: Path) -> "tuple[pl.DataFrame, bytes]":
    """The rows of a sheet that people filled in, each with its number ``row``, and the file's bytes.

    Rows without any text are passed over; columns that people added are not read.

    Raises:
        SgAssetsError: the file cannot be read, is in another encoding, or has other columns; names the row.
    """
    import polars as pl

    data = _bytes_of(file)
    rows = _parsed(_decoded(data, file), file)
    header = [cell.strip().lower() for cell in rows[0]]
    for name in COLUMNS:
        if header.count(name) != 1:
            problem = f"has no column '{name}'" if name not in header else f"has the column '{name}' twice"
            why = f"a sheet has the columns {', '.join(COLUMNS)}"
            known = [cell for cell in header if cell.replace("_", "").isalnum() and len(cell) < 30]
            near = f"{nearest(name, known)} " if known else ""
            remedy = f"{near}Keep the columns as `sg-assets label sample` wrote them"
            raise SgAssetsError(problem, where=f"{file}, row 1", why=why, remedy=remedy)
    indexes = [header.index(name) for name in COLUMNS]
    read = [
        (number, *(original_cell(row[index]) for index in indexes))
        for number, row in enumerate(rows[1:], start=FIRST_ROW)
        if _has_cells(row, len(header), f"{file}, row {number}")
    ]
    schema = {"row": pl.Int64(), **dict.fromkeys(COLUMNS, pl.String())}
    return pl.DataFrame(read, schema=schema, orient="row"), data


def _bytes_of(file: Path) -> bytes:
    try:
        if not file.is_file():
            raise SgAssetsError("there is no such file", where=str(file))
        if file.stat().st_size > _MOST_BYTES:
            raise SgAssetsError("the file is no sheet of labels", where=str(file), why="it is larger than any")
        return file.read_bytes()
    except OSError as error:
        raise SgAssetsError("the file cannot be read", where=str(file), why=error.strerror) from error


def _decoded(data: bytes, file: Path) -> str:
    utf_16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    encoding = "utf-16" if utf_16 else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        row = data[: error.start].count(b"\n") + 1
        raise SgAssetsError(
            "the file is not in UTF-8", where=f"{file}, line {row}",
            why="a spreadsheet saved it in an encoding that has lost characters, or may have",
            remedy="Save it as `CSV UTF-8`",
        ) from error  # fmt: skip


def _parsed(text: str, file: Path) -> list[list[str]]:
    """The rows of a CSV, by the delimiter that gives the header its columns."""
    first = text.partition("\n")[0].lower()
    delimiter = max(_DELIMITERS, key=first.count)
    limit = csv.field_size_limit(_MOST_BYTES)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[list[str]] = []
    try:
        rows.extend(reader)
    except csv.Error as error:
        where = f"{file}, row {len(rows) + 1}"
        remedy = "Save it from a spreadsheet as `CSV UTF-8`"
        raise SgAssetsError("the quotes of this row are not closed, or not doubled", where=where, remedy=remedy) from (
            error
        )
    finally:
        csv.field_size_limit(limit)
    if not rows:
        raise SgAssetsError("the file is empty", where=str(file))
    return rows


def _has_cells(row: list[str], width: int, where: str) -> bool:
    if not any(cell.strip() for cell in row):
        return False
    if len(row) != width:
        why = f"the header has {width} cells, this row {len(row)}"
        raise SgAssetsError("the row has other cells than the header", where=where, why=why)
    return True
