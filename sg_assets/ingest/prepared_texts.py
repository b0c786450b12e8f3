"""Texts of a batch of rows, prepared: read again where their encoding was wrong, cleaned, masked; and what was done."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from sg_assets.ingest.drop_reasons import drop_reasons
from sg_assets.ingest.entities import decode_all
from sg_assets.ingest.mojibake import repair_all, unreadable
from sg_assets.ingest.pii import mask, mask_all
from sg_assets.ingest.texts import clean

_TAKEN_OUT: Final = r"[\x{AD}\x{85}]|^\x{A0}|\x{A0}$"


@dataclass(frozen=True)
class Preparation:
    """How texts are prepared."""

    bots: Sequence[str] = ()
    """Accounts whose comments are dropped."""
    bot_phrases: Sequence[str] = ()
    """Comments that contain one of these are dropped."""
    repair_mojibake: bool = False
    """Whether texts that were read with the wrong encoding are read again."""
    mask_personal_data: bool = True
    """Whether texts, sources and names of files are masked."""

    def masked(self, texts: pl.Series) -> pl.Series:
        """Cleaned texts, masked where this is asked for."""
        return mask_all(texts) if self.mask_personal_data else texts

    def names(self, files: Sequence[str]) -> list[str]:
        """Names of files as they are stored: masked where this is asked for, and still distinct."""
        masked = [mask(name) if self.mask_personal_data else name for name in files]
        before = (masked[:index].count(name) for index, name in enumerate(masked))
        return [f"{name} ({count + 1})" if count else name for name, count in zip(masked, before, strict=True)]


@dataclass(frozen=True)
class Prepared:
    """Texts of a batch, and facts of each."""

    text: pl.Series
    """Normalised."""
    dropped: pl.Series
    """Why the row holds no comment, or null."""
    masked: pl.Series
    """Whether personal data were masked."""
    repaired: pl.Series
    """Whether the text was read again."""
    unreadable: pl.Series
    """Whether a comment has traces of a wrong encoding."""


def prepare(texts: pl.Series, authors: pl.Series, preparation: Preparation) -> Prepared:
    """Prepare the texts of a batch.

    Args:
        texts: As files have them.
        authors: The accounts that wrote them, or nulls.
        preparation: What to do.
    """
    decoded = decode_all(texts)
    repaired = repair_all(decoded) if preparation.repair_mojibake else decoded
    garbled = unreadable(repaired)
    cleaned = clean(_traced(repaired, garbled))
    text = preparation.masked(cleaned)
    dropped = drop_reasons(cleaned, authors, preparation.bots, preparation.bot_phrases)
    return Prepared(
        text=text,
        dropped=dropped,
        masked=(text != cleaned).fill_null(value=False),
        repaired=(repaired != decoded).fill_null(value=False),
        unreadable=garbled & dropped.is_null(),
    )


def _traced(texts: pl.Series, garbled: pl.Series) -> pl.Series:
    """Texts, garbled ones with U+FFFD for what cleaning takes out: their traces stay to be seen by the check."""
    if not garbled.any():
        return texts
    traced = texts.filter(garbled).str.replace_all(_TAKEN_OUT, "\ufffd")
    return texts.clone().scatter(garbled.arg_true(), traced)
