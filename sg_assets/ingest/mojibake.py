"""Texts that were read with the wrong encoding: known by its traces, and read again where it can be undone.

UTF-8 read with an encoding of single bytes leaves sequences that no language has: ``ftfy`` knows them. What it does not
know is tried: a text that becomes UTF-8 when it is written back was read with that encoding. Bytes that were no
characters became U+FFFD, control characters, or question marks.
"""

import re
from collections.abc import Iterable
from functools import cache
from typing import Final

import polars as pl

_LOST: Final = "|".join(
    (
        r"[\x{FFFD}\x{80}-\x{84}\x{86}-\x{9F}]",  # among them control characters of Latin-1
        r"\x{951F}\x{65A4}\x{62F7}|\x{9225}|(?:[\x{5576}\x{5577}\x{5581}\x{5588}].{0,12}){3}",
        r"(?:[ -~]\x00){3}",  # UTF-16 read as single bytes
    )
)
"""What is left of characters that were lost; the second line: U+FFFD, quotes and Indian scripts read as GBK."""
_BREAK: Final = r"[\s,.!:;]"
_ASKING: Final = "|".join(
    (
        rf"(?:^|\s)\?{{2,}}{_BREAK}+\?{{2,}}(?:{_BREAK}|$)",  # words of question marks in a row
        r"(?:^|\s)\?{3,}[\p{L}\p{N}]",  # a word that begins with them
        r"^\?{8,}$|^\?{4,}\s+[0-9][\s0-9]*$",
        rf"(?:^|\s)\?\p{{L}}[^?]{{0,200}}[\p{{L}}.,!]\?(?:{_BREAK}|$)",  # quotation marks
        # Apostrophes. Boundaries of ASCII: those of Unicode would make the whole pattern fifty times slower.
        r"(?i:n\?t|(?-u:\b)(?:i|you|we|they|he|she|it|that|what|who|there)\?(?:s|m|re|ve|ll|d))(?:[^=\w]|$)",
    )
)
"""Question marks in place of other characters. "What???" and "???" are none of them."""
_SINGLE_BYTES: Final = (
    *("cp1252", "mac_roman", "cp1251", "cp1256", "cp874", "cp437", "cp850", "koi8_r", "cp866", "cp1250", "cp1253"),
    *("koi8_u", "mac_cyrillic", "cp852", "cp861"),
    *("cp1254", "cp1255", "cp1257", "cp1258", "iso8859_2", "iso8859_5", "iso8859_6", "iso8859_7", "iso8859_9"),
)
_DOUBLE_BYTES: Final = ("gbk", "cp932", "cp949")
_ALPHABETS: Final = r"\x{370}-\x{6FF}\x{E00}-\x{E7F}\x{2500}-\x{259F}\x{FF61}-\x{FF9F}"
"""Greek, Cyrillic, Hebrew, Arabic, Thai, frames, narrow Katakana: what some encodings have for bytes above 127."""
_QUOTES: Final = frozenset("\u2018\u2019\u201c\u201d\u2026\u2013\u2014\u2022")
_IN_WORD: Final = re.compile(r"[a-zA-Z][^\W\d_a-zA-Z]|[^\W\d_a-zA-Z][a-zA-Z]")
_FOREIGN: Final = re.compile(r"[\xa1-\xff]{4,}")
_HAN_BYTES: Final = re.compile(rb"(?:[\xb0-\xf7][\xa1-\xfe]|[\xa1-\xa3][\xa1-\xfe])+")


def unreadable(texts: pl.Series) -> pl.Series:
    """Whether each text was read with the wrong encoding. False for nulls; few texts are taken out of Arrow."""
    lost = (texts.str.contains(_LOST) | texts.str.contains(_ASKING)).fill_null(value=False)
    suspects = (texts.str.contains(_suspect()).fill_null(value=False) & ~lost).arg_true()
    if suspects.is_empty():
        return lost
    # A clone, since scatter writes in place.
    return lost.clone().scatter(suspects, [is_garbled(text) for text in texts.gather(suspects)])


def repair_all(texts: pl.Series) -> pl.Series:
    """Texts, those that are unreadable read again where that gives a readable text."""
    suspects = unreadable(texts).arg_true()
    if suspects.is_empty():
        return texts
    repaired = pl.Series(texts.name, [repair(text) for text in texts.gather(suspects)], dtype=pl.String)
    readable = ~unreadable(repaired)
    return texts.clone().scatter(suspects.filter(readable), repaired.filter(readable))


def is_garbled(text: str) -> bool:
    """Whether ``text`` has sequences of characters that only a wrong encoding gives."""
    from ftfy.badness import is_bad

    return is_bad(text) or _read_again(text) is not None or _has_foreign_words(text)


def repair(text: str) -> str:
    """``text`` in the encoding it was written in, or as it is if none fits."""
    from ftfy import fix_encoding

    fixed = fix_encoding(text)
    return fixed if fixed != text else _read_again(text) or text


@cache
def _suspect() -> str:
    """What every garbled text has: two characters side by side that only occur apart in most languages."""
    from ftfy.badness import MOJIBAKE_CATEGORIES

    signs = "".join(MOJIBAKE_CATEGORIES.values())
    rare = _signs_of([*range(0xC2, 0xD2), *range(0xD7, 0xDC)], 0x80, 0xA0) + _signs_of(range(0xE0, 0xF5), 0x80, 0xBF)
    accented = _signs_of([0xC3], 0xA0, 0xBF)
    in_words = f"[a-zA-Z][{accented}]|[{accented}][a-zA-Z]"
    return rf"[{signs}]{{2}}|[\x{{152}}\x{{153}}\x{{C2}}\x{{C3}}{_ALPHABETS}{rare}]|{in_words}"


def _signs_of(leads: Iterable[int], first: int, last: int) -> str:
    """Characters of double-byte encodings whose two bytes begin a character of UTF-8."""
    pairs = [bytes((lead, trail)) for lead in leads for trail in range(first, last + 1)]
    known = (pair.decode(codec, "ignore") for pair in pairs for codec in _DOUBLE_BYTES)
    return "".join(sorted({sign for sign in known if len(sign) == 1 and sign > "\u2e80"}))


def _read_again(text: str) -> str | None:
    """The text whose UTF-8 was read with another encoding, if it is one."""
    read = (_written_back(text, codec, "ignore") for codec in _DOUBLE_BYTES)
    again = next((candidate for candidate in read if candidate), None)
    if again is None:
        read = (_written_back(text, codec, "strict") for codec in _SINGLE_BYTES)
        again = next((candidate for candidate in read if candidate), None)
    return again


def _written_back(text: str, codec: str, errors: str) -> str | None:
    try:
        data = text.encode(codec, errors)
    except UnicodeEncodeError:
        return None
    again = data.decode("utf-8", "replace")
    return again if _is_language(again, text, lost=len(text) - len(data.decode(codec, "ignore"))) else None


def _is_language(again: str, text: str, *, lost: int) -> bool:
    """Whether ``again`` can only be what was written, by how little of it is no UTF-8.

    Two bytes are a character of UTF-8 by chance. Three hardly are, and not again and again.
    """
    given = sum(sign > "\x7f" for sign in text)
    signs = [sign for sign in again if sign > "\x7f" and sign != "\ufffd"]
    wrong = again.count("\ufffd")
    if not signs or 10 * lost > given:
        return False
    long = sum(sign > "\u07ff" for sign in signs)
    if long >= 2 and 3 * long >= given and 2 * wrong <= long:
        return True
    if wrong:
        return False
    if all(sign in _QUOTES or "\U0001f000" <= sign <= "\U0001faff" for sign in signs):
        return True
    letters = sum(sign.isalpha() for sign in signs)
    alphabets = {ord(sign) >> 8 for sign in signs if sign.isalpha()}
    if letters >= 2 and alphabets <= {0, 1, 0x1E}:  # accented letters, in words with others
        return 2 * len(_IN_WORD.findall(again)) >= letters
    return letters >= 6 and len(alphabets) == 1 and min(alphabets) >= 3


def _has_foreign_words(text: str) -> bool:
    """Whether words of accented letters alone are Chinese, Cyrillic, Arabic or Thai read as Latin-1."""
    runs = [run for run in _FOREIGN.findall(text) if len(set(run)) >= 3]
    letters = sum(len(run) for run in runs)
    if letters >= 6 and letters >= 0.6 * sum(not character.isspace() for character in text):
        return True
    return any(_HAN_BYTES.fullmatch(run.encode("latin-1")) and len(run) >= 6 for run in runs)
