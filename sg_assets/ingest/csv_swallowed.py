"""Whether a quoted text of a CSV holds whole rows: its closing quote was forgotten, and a later inch mark closes it.

The quotes of such a file are right by RFC 4180, and the text begins and ends where a text may. But each of its lines
has as many fields as the rows of the file, and what would stand in the other columns looks as their values do.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

_SAMPLE: Final = 2000  # rows from which a column's values are known
_LONGEST: Final = 40  # letters of a value whose shape is compared
_LINES: Final = 6  # that are a sign by themselves: few texts have as many commas in each of them, none before a space
_LETTERS: Final = re.compile(r"[^\W\d_]+")
_DIGITS: Final = re.compile(r"\d+")
_NUMBER: Final = re.compile(r"[0-9]{1,18}")
_THOUSANDS: Final = re.compile(r".*?\d{1,3}", re.DOTALL)
_HUNDREDS: Final = re.compile(r"\d{3}(?!\d)")
_MIXED: Final = re.compile(r"(?:a9|9a)[a9]*")


def swallowing_row(columns: Sequence[pa.Array], delimiter: str) -> int | None:
    """The index of the first row with a text that holds whole rows.

    Args:
        columns: All columns of a batch, as bytes.
        delimiter: What stands between fields.
    """
    if len(columns) < 2:
        return None
    batch, first = _Batch(columns), None
    for column, values in enumerate(columns):
        for row in _with_lines(values, delimiter, len(columns) - 1):
            if (first is None or row < first) and batch.is_swallowed(row, column, delimiter):
                first = row
    return first


def _with_lines(values: pa.Array, delimiter: str, inner: int) -> list[int]:
    """Rows whose values have lines, and as many delimiters as that many rows."""
    end = next((end for end in ("\n", "\r") if pc.any(pc.match_substring(values, end)).as_py()), None)
    if end is None:
        return []
    rows = pc.indices_nonzero(pc.match_substring(values, end))
    doubtful = values.take(rows)
    expected = pc.multiply(pc.count_substring(doubtful, end), inner)
    fitting: list[int] = rows.filter(pc.equal(pc.count_substring(doubtful, delimiter), expected)).to_pylist()
    return fitting


class _Batch:
    """The usual values of a batch's columns, looked up when a text is doubtful."""

    def __init__(self, columns: Sequence[pa.Array]) -> None:
        self._columns = columns
        self._columns_known = dict[int, _Known]()

    def is_swallowed(self, row: int, column: int, delimiter: str) -> bool:
        """Whether the lines of a value are the end of a row, whole rows, and the beginning of one."""
        value = _text(self._columns[column][row])
        rows = [line.split(delimiter) for line in re.split(r"\r\n?|\n", value)]
        last = len(self._columns) - 1
        expected = [last - column + 1, *[last + 1] * (len(rows) - 2), column + 1]
        if [len(row) for row in rows] != expected:
            return False
        fields = [(column + at, field) for at, field in enumerate(rows[0])][1:]
        fields += [(at, field) for line in rows[1:] for at, field in enumerate(line)]
        if not all(self._known(at).admits(field, is_text=at == column) for at, field in fields):
            return False
        if not all(self._rises(at, row, field) for at, field in fields if at != column and self._known(at).rises):
            return False
        thousands = {index for index, pair in enumerate(pairwise(fields)) if _is_number_in_two(pair[0][1], pair[1][1])}
        telling = (
            self._known(at).is_telling(field) for index, (at, field) in enumerate(fields) if index not in thousands
        )
        return len(rows) >= _LINES or any(telling)

    def _rises(self, column: int, row: int, value: str) -> bool:
        """Whether a value of a column that counts the rows is between those of the rows before and after."""
        values = self._columns[column]
        if not _NUMBER.fullmatch(value):
            return False
        before = _text(values[row - 1]) if row else ""
        after = _text(values[row + 1]) if row + 1 < len(values) else ""
        above = not _NUMBER.fullmatch(before) or int(before) < int(value)
        return above and (not _NUMBER.fullmatch(after) or int(value) < int(after))

    def _known(self, column: int) -> "_Known":
        if column not in self._columns_known:
            self._columns_known[column] = _known_values(self._columns[column])
        return self._columns_known[column]


@dataclass(frozen=True)
class _Known:
    """What the first values of a column look like."""

    repeated: frozenset[str]
    """Its values, if they come again and again."""
    shapes: frozenset[str]
    """What its short values are made of."""
    is_prose: bool
    """Whether it has long values, or such with spaces."""
    rises: bool
    """Whether its values are numbers, each above the one before."""
    begins_with_space: bool
    """Whether any value does; most texts have a space after each comma."""

    def admits(self, value: str, *, is_text: bool) -> bool:
        """Whether a value may be one of the column; ``is_text``: of the column of the text itself."""
        if value[:1].isspace() and not self.begins_with_space:
            return False
        return is_text or self.is_prose or value in self.repeated or _shape(value) in self.shapes

    def is_telling(self, value: str) -> bool:
        """Whether a value is one of the column, and not by chance: a repeated one, a number, a time, a code."""
        if self.is_prose or not value:
            return False
        shape = _shape(value)
        return value in self.repeated or (shape in self.shapes and shape.replace("a", "").strip() != "")


def _known_values(values: pa.Array) -> _Known:
    known = [_text(value) for value in values.slice(0, _SAMPLE)]
    single = [value for value in known if "\n" not in value and "\r" not in value]
    distinct = frozenset(single)
    return _Known(
        repeated=distinct if 2 * len(distinct) <= len(single) else frozenset(),
        shapes=frozenset(_shape(value) for value in distinct if len(value) <= _LONGEST),
        is_prose=any(
            len(value) > _LONGEST or (" " in value.strip() and not _DIGITS.search(value)) for value in distinct
        ),
        rises=len(known) > 1 and _rising(known),
        begins_with_space=any(value[:1].isspace() for value in distinct),
    )


def _rising(values: Sequence[str]) -> bool:
    return all(_NUMBER.fullmatch(value) for value in values) and all(int(a) < int(b) for a, b in pairwise(values))


def _text(value: pa.Scalar) -> str:
    return (value.as_py() or b"").decode("utf-8", "replace")


def _is_number_in_two(value: str, following: str) -> bool:
    """Whether two fields are the parts of one number with a comma (``1,200 dollars``)."""
    return _THOUSANDS.fullmatch(value) is not None and _HUNDREDS.match(following) is not None


def _shape(value: str) -> str:
    """What a value is made of: ``9`` for digits, ``a`` for letters, ``a9`` for a code of both, signs as they are."""
    shape = _DIGITS.sub("9", _LETTERS.sub("a", value))
    return "a9" if _MIXED.fullmatch(shape) else shape
