"""Texts of data as they may reach a terminal: what a terminal would obey is written out."""

import re
from typing import Final

_OBEYED: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters: of escape sequences, and of lines that are overwritten
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # directions: text that reads otherwise than it is
    "\u2028\u2029\ufeff"  # line ends of other kinds
    "\ud800-\udfff]"  # halves of a pair, and the bytes of a name that is not UTF-8
)


def visible(text: str) -> str:
    r"""A text whose control characters are written as JSON writes them: ``\u001b``.

    So JSON stays JSON of the same values. Line ends and tabs stay.
    """
    return _OBEYED.sub(_escape, text)


def visible_line(text: str) -> str:
    r"""A text in a single line: its line ends are written as ``\n``."""
    return visible(text).replace("\n", "\\n")


def _escape(match: re.Match[str]) -> str:
    return f"\\u{ord(match.group()):04x}"
