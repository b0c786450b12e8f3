"""Masks personal data as Singapore forums hold it: NRIC/FIN, phone numbers, e-mail addresses, user handles.

When in doubt it masks: a masked word costs little, a leaked identity number cannot be taken back.
"""

import re
import unicodedata

import polars as pl

_WEIGHTS = (2, 7, 6, 5, 4, 3, 2)
_OFFSETS = {"S": 0, "T": 4, "F": 0, "G": 4, "M": 3}
_LETTERS = {"S": "JZIHGFEDCBA", "T": "JZIHGFEDCBA", "F": "XWUTRQPNMLK", "G": "XWUTRQPNMLK", "M": "XWUTRQPNJLK"}

# A look-ahead, because the last letter of one candidate may be the first of the next ("F0000000T0123456J").
_NRIC = re.compile(r"(?=([STFGMstfgm])([0-9]{7})([A-Za-z]))")
# Bounded repeats: an unbounded local part takes quadratic time on a long run of letters without an "@".
_EMAIL = re.compile(r"[\w.%+-]{1,64}@(?:[\w-]{1,63}\.)+[^\W\d_]{2,24}")
_PHONE = re.compile(r"(?<![0-9])(?:\(?(?:\+|00)?65\)?[ -]?)?[3689][0-9]{3}[ -]?[0-9]{4}(?![0-9])")
_HANDLE = re.compile(r"@\w*[^\W\d]\w*(?:\.\w+)*|(?<!\w)/?u/[\w-]{3,}")

_SUSPECT = r"@|u/|[0-9]{4}[ -]?[0-9]{3}"  # every pattern above needs one of these


def is_nric(text: str) -> bool:
    """Whether ``text`` is an NRIC or FIN (nine characters, either case) with the right check letter."""
    match = _NRIC.match(text)
    return len(text) == 9 and match is not None and _is_valid(match)


def mask(text: str) -> str:
    """``text`` (NFC) with personal data replaced by ``<NRIC>``, ``<EMAIL>``, ``<PHONE>`` and ``<HANDLE>``.

    An NRIC is masked wherever it stands, also inside a word. Phone numbers are Singapore's: eight digits starting with
    3, 6, 8 or 9, with or without the country code. Masking twice changes nothing more.
    """
    text = _mask_nrics(text)
    if "@" in text:  # the pattern is tried at every letter
        text = _EMAIL.sub("<EMAIL>", text)
    text = _PHONE.sub("<PHONE>", text)
    if "@" in text or "u/" in text:
        text = _HANDLE.sub("<HANDLE>", text)
    # A combining stroke after a mask joins its ">": now, or the next normalisation would change the text.
    return unicodedata.normalize("NFC", text)


def mask_all(texts: pl.Series) -> pl.Series:
    """``mask`` of every text (NFC); only texts that may hold personal data are taken out of Arrow."""
    suspects = texts.str.contains(_SUSPECT).fill_null(value=False)
    if not suspects.any():
        return texts
    masked = pl.Series(texts.name, [mask(text) for text in texts.filter(suspects)], dtype=pl.String)
    # A clone, since scatter writes in place.
    return texts.clone().scatter(suspects.arg_true(), masked)


def _mask_nrics(text: str) -> str:
    parts, end = [], 0
    for match in _NRIC.finditer(text):
        if match.start() >= end and _is_valid(match):
            parts += [text[end : match.start()], "<NRIC>"]
            end = match.end(3)
    return "".join([*parts, text[end:]])


def _is_valid(match: re.Match[str]) -> bool:
    series, digits, letter = match[1].upper(), match[2], match[3].upper()
    weighted = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits, strict=True))
    return _LETTERS[series][(weighted + _OFFSETS[series]) % 11] == letter
