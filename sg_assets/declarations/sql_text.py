"""The text of a SELECT, read within limits, so that no file can exhaust whoever reads it."""

import re
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sg_assets.errors import SgAssetsError

MOST_BYTES: Final = 256 * 1024
"""Of an SQL text. More than that is data, not a question about data."""
_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")
# Control characters, and those that reorder or break lines: an editor shows something else than what runs.
_INVISIBLE: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_SHOWN: Final = 80


@dataclass(frozen=True)
class SqlText:
    """A text of SQL and its name in errors."""

    text: str
    where: str
    """What errors name; the text is that whole file where this ends in ``.sql``."""

    def at(self, offset: int) -> str:
        """The line and column of a character for errors; of a text inside another file, that file and key."""
        if not self.where.endswith(".sql"):
            return self.where
        line = self.text.count("\n", 0, offset) + 1
        return f"{self.where}, line {line}, column {offset - self.text.rfind(chr(10), 0, offset)}"


def shown(sql: str) -> str:
    """SQL for errors: on one line, and not longer than a line."""
    line = " ".join(sql.split())
    return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 3]}..."


def read_sql_text(path: Path, where: str) -> str:
    """The text of an SQL file, without a byte order mark and with line feeds alone.

    Raises:
        SgAssetsError: there is no regular file, it is too large, or it is not UTF-8; names the line.
    """
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise SgAssetsError("is not a regular file", where=where, remedy="Put a text file with one SELECT there")
        _require_size(status.st_size, where)
        data = path.read_bytes()
    except OSError as error:
        raise SgAssetsError(
            "the file cannot be read", where=where, why=error.strerror, remedy="Mend the link or its permissions"
        ) from error
    if data.startswith(_UTF_16):
        raise SgAssetsError("is not UTF-8 text but UTF-16", where=where, remedy="Save it as UTF-8")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise SgAssetsError(
            "is not UTF-8 text", where=f"{where}, line {line}", why=error.reason, remedy="Save it as UTF-8"
        ) from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def require_plain(source: SqlText) -> None:
    """Check size and characters of a text before anything parses it.

    Raises:
        SgAssetsError: it is too long, or holds characters that cannot be seen.
    """
    _require_size(len(source.text.encode("utf-8", "surrogatepass")), source.where)
    invisible = _INVISIBLE.search(source.text)
    if invisible is not None:
        raise SgAssetsError(
            f"holds the invisible character U+{ord(invisible[0]):04X}",
            where=source.at(invisible.start()),
            why="what an editor shows would not be what runs",
            remedy=f"Remove it, or write chr({ord(invisible[0])})",
        )


def _require_size(size: int, where: str) -> None:
    if size > MOST_BYTES:
        raise SgAssetsError(
            f"has {size:,} bytes of SQL",
            where=where,
            why=f"at most {MOST_BYTES:,} are read",
            remedy="Put rows into a table of their own, and read that",
        )
