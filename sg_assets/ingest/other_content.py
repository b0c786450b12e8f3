"""What a file holds whose first bytes are no UTF-8 text of its kind: another encoding, or another kind of file."""

from typing import Final

_MARKS: Final = (
    (b"\xff\xfe\0\0", "UTF-32"),
    (b"\0\0\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)
"""Byte order marks; the longer first, since UTF-32's begins like UTF-16's."""
_MAGIC: Final = (
    (b"\x1f\x8b", "compressed by gzip", "Add .gz to its name."),
    (b"\x28\xb5\x2f\xfd", "compressed by zstd", "Add .zst to its name."),
    (b"PK\x03\x04", "a ZIP archive or an Excel workbook", "Unpack it, or save the sheet as CSV (UTF-8)."),
    (b"\xd0\xcf\x11\xe0", "an Excel workbook", "Save the sheet as CSV (UTF-8)."),
    (b"BZh", "compressed by bzip2", "Decompress it with `bunzip2`, under its own name."),
    (b"\xfd7zXZ", "compressed by xz", "Decompress it with `unxz`, under its own name."),
    (b"PAR1", "Parquet", "Rename it to .parquet."),
    (b"SQLite format 3", "a database of SQLite", "Export its table as CSV."),
    (b"%PDF", "a PDF", "Remove it, or export its texts."),
)


def other_content(start: bytes) -> tuple[str, str] | None:
    """What a file is instead of UTF-8 text, and what mends it, by its first bytes; None where they may be text."""
    encoding = _encoding(start)
    if encoding is not None:
        return f"the file is {encoding}, not UTF-8", f"Convert it: `iconv -f {encoding} -t UTF-8`."
    magic = next(((kind, remedy) for mark, kind, remedy in _MAGIC if start.startswith(mark)), None)
    return (f"the file is {magic[0]}, not what its name says", magic[1]) if magic else None


def _encoding(start: bytes) -> str | None:
    """The encoding that a mark names, or that the zeros between letters of ASCII show."""
    marked = next((encoding for mark, encoding in _MARKS if start.startswith(mark)), None)
    if marked is not None or len(start) < 4:
        return marked
    letters = "".join("a" if byte else "0" for byte in start[:4])
    return {"a000": "UTF-32LE", "000a": "UTF-32BE", "a0a0": "UTF-16LE", "0a0a": "UTF-16BE"}.get(letters)
