"""Whether the quotes of a CSV stream follow RFC 4180, checked on the bytes, a whole block at a time.

A quote opens a field only at its beginning, and closes it only before a delimiter or a line end; inside it is written
twice. A parser takes others as it likes: drops them, or swallows the rows up to the next one. So a quote inside a
quoted field that is followed by anything else is a fault. A quote inside a field without quotes (an inch mark) is a
letter.

Quotes that open and quotes that close alternate, so the bytes beside all quotes of a block tell whether it is right.
Each inch mark shifts which ones open.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Marks = NDArray[np.int64]
Flags = NDArray[np.bool_]

_LINE_ENDS = b"\n\r"
_ESCAPED = re.compile(rb"\\.", re.DOTALL)


@dataclass(frozen=True)
class QuoteFault:
    """A quote against the rule, or one that is never closed."""

    opened: int
    """Offset in the stream of the quote that opens the field."""
    after_backslash: bool = False
    """Whether a backslash stands before the wrong quote."""
    unclosed: bool = False
    """Whether the field goes on to the end of the stream."""


class CsvQuotes:
    """The state between blocks. Feed all bytes of a stream without its byte order mark, then ``end`` it."""

    def __init__(self, delimiter: str, quote: str, *, backslash: bool) -> None:
        self._quote = quote.encode()
        self._backslash = backslash
        self._ends_field = _table(delimiter.encode() + _LINE_ENDS)
        self._ends_line = _table(_LINE_ENDS)
        self._held = b""
        self._before = _LINE_ENDS[:1]
        self._offset = 0
        self._opened: int | None = None
        self.rows = 0
        """Rows that have ended in bytes fed with ``count``; blank lines are none."""

    def feed(self, data: bytes, *, count: bool = False) -> QuoteFault | None:
        """Check more bytes."""
        data = self._held + data
        # What quotes (and backslashes) at the end mean is for the next byte to say.
        cut = len(data.rstrip(self._quote + b"\\" if self._backslash else self._quote))
        self._held = data[cut:]
        return self._check(data[:cut], count=count) if cut else None

    def end(self) -> QuoteFault | None:
        """Check what is left at the end of the stream."""
        fault = self._check(self._held + b"\n", count=False)
        if fault is None and self._opened is not None:
            return QuoteFault(self._opened, unclosed=True)
        return fault

    def _check(self, data: bytes, *, count: bool) -> QuoteFault | None:
        if self._backslash and b"\\" in data:
            data = _ESCAPED.sub(b"xx", data)
        letters = np.frombuffer(self._before + data, np.uint8)
        marks = np.flatnonzero(letters[1:] == self._quote[0]) + 1 if self._quote in data else np.zeros(0, np.int64)
        inside, fault = self._opened is not None, None
        if marks.size:
            fault, marks = self._walk(letters, marks)
        if count:
            self._count(letters, marks, inside=inside)
        self._offset += len(data)
        self._before = data[-1:]
        return fault

    def _walk(self, letters: NDArray[np.uint8], marks: Marks) -> tuple[QuoteFault | None, Marks]:
        """The first fault of a block, and those of its quotes that open or close a field."""
        joined = np.diff(marks) == 1
        second, first = np.concatenate(([False], joined)), np.concatenate((joined, [False]))  # of two side by side
        cannot_open = ~(self._ends_field[letters[marks - 1]] | second)
        cannot_close = ~(self._ends_field[letters[marks + 1]] | first)
        even = np.arange(marks.size) % 2 == 0
        wrong = [np.flatnonzero(np.where(even == opens, cannot_open, cannot_close)) for opens in (True, False)]
        opening, start, inner = int(self._opened is not None), 0, list[int]()
        while (at := int(np.searchsorted(wrong[opening], start))) < wrong[opening].size:
            index = int(wrong[opening][at])
            if index % 2 != opening:
                opened = self._last_opened(marks[:index], ~second[:index], opening)
                return QuoteFault(opened, after_backslash=bool(letters[marks[index] - 1] == ord("\\"))), marks
            start = index + 1
            while start < marks.size and second[start]:
                start += 1
            inner += range(index, start)
            opening = start % 2
        inside = marks.size % 2 != opening
        self._opened = self._last_opened(marks, ~second, opening) if inside else None
        return None, np.delete(marks, inner)

    def _last_opened(self, marks: Marks, begins: Flags, opening: int) -> int:
        """The offset of the last quote that opens a field, in this block or before: not the second half of two."""
        opens = np.flatnonzero(begins[opening::2]) * 2 + opening
        if opens.size:
            return self._offset + int(marks[opens[-1]]) - 1
        return self._opened or 0

    def _count(self, letters: NDArray[np.uint8], toggles: Marks, *, inside: bool) -> None:
        ends = np.flatnonzero(self._ends_line[letters[1:]]) + 1
        outside = (np.searchsorted(toggles, ends) + inside) % 2 == 0
        self.rows += int(np.count_nonzero(outside & ~self._ends_line[letters[ends - 1]]))


def row_at(blocks: Iterable[bytes], quotes: CsvQuotes, offset: int) -> int:
    """The row of a field that begins at this offset of a stream; the header is row 1, blank lines are none."""
    for block in blocks:
        quotes.feed(block[:offset], count=True)
        offset -= len(block)
        if offset <= 0:
            break
    return quotes.rows + 1


def _table(letters: bytes) -> Flags:
    table = np.zeros(256, np.bool_)
    table[list(letters)] = True
    return table
