"""Cells of a sheet that no spreadsheet takes for a formula, a number or a date; undone exactly when it is read.

An apostrophe before what a spreadsheet would compute makes it a text in all of them. It goes to the start of a cell,
and behind every character at which a program with another delimiter than ours would begin a new cell. A cell that
begins with an apostrophe of its own gets another one, so that taking one away always gives the cell as it was.
"""

import re
from typing import Final

_COMPUTED: Final = "=+\\-@\t\r\n|%＝＋－＠"  # noqa: RUF001 - full-width signs begin formulas, too
"""What begins a formula, or a command of another program, in some spreadsheet."""
_BREAKS: Final = ";\t\r\n"
"""What ends a cell for a program that does not take the comma for the delimiter."""
_INNER: Final = re.compile(rf"(?<=[{_BREAKS}])(?=[{_COMPUTED}'])")
_INNER_MARK: Final = re.compile(rf"(?<=[{_BREAKS}])'(?=[{_COMPUTED}'])")
_FIRST: Final = re.compile(rf"[{_COMPUTED}']")
_CONVERTED: Final = re.compile(r"[^\w]*(?:.{0,40}\d.{0,40}|true|false)[^\w]*", re.IGNORECASE)
"""Short cells that a spreadsheet could store as a number, a date or a truth value."""


def safe_cell(text: str) -> str:
    """A cell for a sheet."""
    inside = _INNER.sub("'", text)
    needs_mark = _FIRST.match(text) or _CONVERTED.fullmatch(text)
    return f"'{inside}" if needs_mark else inside


def original_cell(cell: str) -> str:
    """The text that a cell was made of."""
    return _INNER_MARK.sub("", cell.removeprefix("'"))
