"""One form for every text: Unicode NFC, no control characters, no personal data."""

import polars as pl

from sg_assets.ingest.pii import mask_all

# Control characters but newline and tab, and the invisible marks that hide or reorder text. The zero-width joiner
# stays: emoji and Tamil need it.
_INVISIBLE = r"[\p{Cc}\u{AD}\u{200B}\u{200E}\u{200F}\u{202A}-\u{202E}\u{2060}\u{2066}-\u{2069}\u{FEFF}&&[^\n\t]]"


def normalise(texts: pl.Series) -> pl.Series:
    """Texts in the form they are stored, compared and hashed in; nulls stay null. Doing it twice changes nothing."""
    return mask_all(clean(texts))


def clean(texts: pl.Series) -> pl.Series:
    """Texts with line ends as newlines, no control or invisible characters, composed (NFC), stripped."""
    visible = texts.str.replace_all(r"\r\n?", "\n").str.replace_all(_INVISIBLE, "")
    return visible.str.normalize("NFC").str.strip_chars()
