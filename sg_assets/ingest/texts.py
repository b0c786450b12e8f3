"""One form for every text: references of HTML decoded, Unicode NFC, no control characters, no personal data."""

import polars as pl

from sg_assets.ingest.entities import INVISIBLE, decode_all
from sg_assets.ingest.pii import mask_all

# What only a wrong encoding leaves stays to be seen: control characters of Latin-1, and every second byte of UTF-16.
_TRACES = r"[\x{80}-\x{84}\x{86}-\x{9F}]"
_NULS = r"([ -~])\x00([ -~])\x00"
# Each stands between two words: NUL, vertical tab, form feed, next line, line and paragraph separator.
_BETWEEN_WORDS = r"[\x00\x0B\x0C\u{85}\u{2028}\u{2029}]"
# Other control characters but newline and tab, and invisible marks.
_INVISIBLE = rf"[\p{{Cc}}{INVISIBLE}&&[^\n\t]]"


def normalise(texts: pl.Series) -> pl.Series:
    """Texts in the form they are stored, compared and hashed in; nulls stay null. Doing it twice changes nothing."""
    return mask_all(clean(texts))


def clean(texts: pl.Series) -> pl.Series:
    """Texts decoded from HTML, with line ends as newlines, without control or invisible characters, NFC, stripped."""
    decoded = decode_all(_visible(texts))
    return _visible(decoded).str.normalize("NFC").str.strip_chars()


def _visible(texts: pl.Series) -> pl.Series:
    traced = texts.str.replace_all(_NULS, "${1}\ufffd${2}\ufffd").str.replace_all(_TRACES, "\ufffd")
    apart = traced.str.replace_all(r"\r\n?", "\n").str.replace_all(_BETWEEN_WORDS, " ")
    return apart.str.replace_all(_INVISIBLE, "")
