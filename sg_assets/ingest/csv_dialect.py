"""How a CSV file is written: as declared, or as its header says where that leaves no doubt."""

import csv
import io
import re
from typing import Literal

from pydantic import BaseModel, ConfigDict

DELIMITERS = (",", ";", "\t", "|")
_BACKSLASHED = re.compile(rb"\\(.)", re.DOTALL)


class CsvDialect(BaseModel):
    """How CSV files are written: by RFC 4180, where nothing else is declared."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    delimiter: Literal[",", ";", "\t", "|"] | None = None
    """What stands between fields; None for the one that gives the header a column of texts."""
    quote: Literal['"', "'"] | None = '"'
    """What stands around fields that hold delimiters, line ends or quotes; None where quotes are letters."""
    escape: Literal["double", "backslash"] = "double"
    """How a quote inside a quoted field is written: twice, or after a backslash."""
    rows_in_texts: bool = False
    """Whether a quoted text may look like rows of the file; else that is the sign of a forgotten quote."""

    def header(self, start: bytes, delimiter: str) -> list[str]:
        """The names in a header, from a file's first bytes, if this is the delimiter."""
        text = start.decode("utf-8", errors="replace").lstrip("\r\n")
        lines = io.StringIO(text, newline="")
        if self.quote is None:
            rows = csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE)
        else:
            rows = csv.reader(lines, delimiter=delimiter, quotechar=self.quote)
        try:
            return next(rows, [])
        except csv.Error:
            return []

    def for_parser(self, data: bytes) -> bytes:
        """Bytes in which a backslash stands only before what it escapes: Arrow's parser drops every other one."""
        return _BACKSLASHED.sub(self._kept, data) if self.escape == "backslash" and b"\\" in data else data

    def _kept(self, pair: re.Match[bytes]) -> bytes:
        special = f"\\\r\n{self.quote or ''}{self.delimiter or ''}".encode()
        return pair[0] if pair[1] in special else rb"\\" + pair[1]
