"""HTML's character references in texts: decoded until none is left, however often a text was encoded."""

import html
import re
from html.entities import html5

import polars as pl

INVISIBLE = "\xad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff"
"""Invisible marks that hide or reorder text, as part of a regular expression's class. The zero-width joiner is none of
them: emoji and Tamil need it."""

# Only with a semicolon: without one, "?a=1&copy=2" would lose its parameter.
_REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_SUSPECT = r"&(?:#[0-9]|#[xX][0-9a-fA-F]|[A-Za-z][A-Za-z0-9])[A-Za-z0-9]*;"
_ENCODED_AGAIN = re.compile(r"&(?:(?:amp|AMP|#0{0,5}38|#[xX]0{0,4}26);)+")
_HIGH = r"&#(?:5529[6-9]|55[3-9][0-9]{2}|56[0-2][0-9]{2}|563[01][0-9]);"
_PAIR = re.compile(rf"({_HIGH})(&#(?:56(?:3[2-9]|[4-9][0-9])[0-9]|57[0-2][0-9]{{2}}|573[0-3][0-9]|5734[0-3]);)")
_INVISIBLE = re.compile(f"[{INVISIBLE}]")
_MOST = 8
"""Rounds of decoding. Encoding again is undone in one round; more rounds are only for texts made to need them."""


def decode_all(texts: pl.Series) -> pl.Series:
    """``decode`` of every text; only texts with a reference are taken out of Arrow."""
    suspects = texts.str.contains(_SUSPECT).fill_null(value=False)
    if not suspects.any():
        return texts
    decoded = pl.Series(texts.name, [decode(text) for text in texts.filter(suspects)], dtype=pl.String)
    # A clone, since scatter writes in place.
    return texts.clone().scatter(suspects.arg_true(), decoded)


def decode(text: str) -> str:
    """``text`` with its character references decoded: ``&lt;``, ``&amp;lt;``, ``&#39;``, ``&#x1F602;``.

    What HTML does not know stays; references to invisible marks go. Doing it twice changes nothing.
    """
    for _ in range(_MOST):
        decoded = _REFERENCE.sub(_character, _PAIR.sub(_joined, _ENCODED_AGAIN.sub("&", text)))
        if decoded == text:
            break
        text = decoded
    return text


def _character(reference: re.Match[str]) -> str:
    name = reference[0][1:]
    # Not for other names: "&copyright;" would become "©right;".
    known = name[0] == "#" or name in html5
    return _INVISIBLE.sub("", html.unescape(reference[0])) if known else reference[0]


def _joined(pair: re.Match[str]) -> str:
    """The character that was written as the two halves of UTF-16."""
    high, low = (int(half[2:-1]) for half in pair.groups())
    return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
