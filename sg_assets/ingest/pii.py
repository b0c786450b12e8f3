"""Masks personal data as Singapore forums hold it: NRIC/FIN, phone numbers, e-mail addresses, user handles.

When in doubt it masks: a masked word costs little, a leaked identity number cannot be taken back. Patterns see a folded
text (``folding``), so that other digits, spaces and dashes hide nothing; what they do not match stays as it was.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

import polars as pl

from sg_assets.ingest.accounts import EMAIL, HANDLES
from sg_assets.ingest.folding import fold, letter_like
from sg_assets.ingest.phone_numbers import phone_spans

_WEIGHTS = (2, 7, 6, 5, 4, 3, 2)
_OFFSETS = {"S": 0, "T": 4, "F": 0, "G": 4, "M": 3}
_LETTERS = {"S": "JZIHGFEDCBA", "T": "JZIHGFEDCBA", "F": "XWUTRQPNMLK", "G": "XWUTRQPNMLK", "M": "XWUTRQPNJLK"}

_BETWEEN = r"[ \t\r\n\-./_~():;,*#|\[\]\\]{0,3}"
# A look-ahead, because the last letter of one candidate may be the first of the next ("F0000000T0123456J").
_NRIC = re.compile(r"(?=([STFGMstfgm])([0-9]{7})([A-Za-z]))")
# With separators its letters stand alone: "it's 1234567 dollars" holds none.
_NRIC_APART = re.compile(rf"(?<![\w'\u2019])(?=([STFGMstfgm])({_BETWEEN}(?:[0-9]{_BETWEEN}){{7}})([A-Za-z])(?!\w))")
_NO_DIGIT = re.compile(r"[^0-9]")
_AT = re.compile(r"[@%&]|[\s_*|-]at[\s_*|-]|[\[({<]\s?at?\s?[\])}>]", re.IGNORECASE)
_DONE = "\0"
"""Takes the place of what is masked already, so that no other pattern matches a part of it."""

# Every pattern needs one of these; marks that are not seen may stand between the characters of any of them. Boundaries
# of words are those of ASCII: Unicode's would make the whole pattern fifty times slower.
_SUSPECT = (
    r"(?i)[@\x{FF20}]|%40|&(?:#0*64|#x0*40|commat)"
    r"|\p{N}(?:[^\p{L}\p{N}]{0,6}\p{N}){6}"
    r"|(?-u:\b)u\\?/|/user/|r\\?/u_|/members/|[\[({<]\s?at?\s?[\])}>]|[\s_*|-]at[\s_*|-]"
    r"|\.(?:am|me|dog|tv|sg|it|net)/|(?:instagram|facebook|fb|linkedin|twitter|x|tiktok|threads|snapchat|youtube|pinterest"
    r"|weibo|onlyfans|carousell|medium|vk|steamcommunity|reddit)\.com/"
    r"|[a-zA-Z./@%&][\p{Cf}\p{M}]+[a-zA-Z./@%&]"
)


def is_nric(text: str) -> bool:
    """Whether ``text`` is an NRIC or FIN (nine characters, either case) with the right check letter."""
    match = _NRIC.match(text)
    return len(text) == 9 and match is not None and _is_valid(*match.groups())


def mask(text: str) -> str:
    """``text`` (NFC) with personal data replaced by ``<NRIC>``, ``<EMAIL>``, ``<PHONE>`` and ``<HANDLE>``.

    An NRIC is masked wherever it stands, also inside a word. Phone numbers are Singapore's, eight digits that begin
    with 3, 6, 8 or 9, and international ones with their country code. Masking twice changes nothing more.
    """
    while True:
        masked = _masked_once(text)
        if masked == text:
            return text
        text = masked


def mask_all(texts: pl.Series) -> pl.Series:
    """``mask`` of every text (NFC); only texts that may hold personal data are taken out of Arrow."""
    suspects = (texts.str.contains(_SUSPECT) | texts.str.contains(_letters_like())).fill_null(value=False)
    if not suspects.any():
        return texts
    masked = pl.Series(texts.name, [mask(text) for text in texts.filter(suspects)], dtype=pl.String)
    # A clone, since scatter writes in place.
    return texts.clone().scatter(suspects.arg_true(), masked)


@cache
def _letters_like() -> str:
    return f"[{re.escape(letter_like())}]"


def _masked_once(text: str) -> str:
    folded = fold(text)
    left, spans = folded.text, list[tuple[int, int, str]]()
    for kind, find in (("NRIC", _nrics), ("EMAIL", _emails), ("PHONE", phone_spans), ("HANDLE", _handles)):
        for start, end in find(left):
            spans.append((*folded.span(start, end), kind))
            left = left[:start] + _DONE * (end - start) + left[end:]
    parts, done = list[str](), 0
    for start, end, kind in sorted(spans):
        if start >= done:
            parts += [text[done:start], f"<{kind}>"]
            done = end
    # A combining stroke after a mask joins its ">": now, or the next normalisation would change the text.
    return unicodedata.normalize("NFC", "".join([*parts, text[done:]])) if spans else text


def _nrics(text: str) -> Iterator[tuple[int, int]]:
    end = 0
    for match in _NRIC.finditer(text):
        if match.start() >= end and _is_valid(*match.groups()):
            end = match.end(3)
            yield match.start(), end
    for match in _NRIC_APART.finditer(text):
        if match.start() >= end and _is_valid(match[1], _NO_DIGIT.sub("", match[2]), match[3]):
            end = match.end(3)
            yield match.start(), end


def _emails(text: str) -> Iterator[tuple[int, int]]:
    if _AT.search(text):  # the pattern is tried at every letter
        yield from (match.span() for match in EMAIL.finditer(text))


def _handles(text: str) -> Iterator[tuple[int, int]]:
    for pattern in HANDLES:
        if "@" in text or "/" in text or "&" in text or "%" in text:
            for match in pattern.finditer(text):
                yield match.span("name" if "name" in pattern.groupindex else 0)


def _is_valid(series: str, digits: str, letter: str) -> bool:
    series, letter = series.upper(), letter.upper()
    weighted = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits, strict=True))
    return _LETTERS[series][(weighted + _OFFSETS[series]) % 11] == letter
