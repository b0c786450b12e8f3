"""Texts as patterns of personal data see them: every digit, dash and space in its plain form, unseen marks gone.

HTML and phones write "9123 4567" with no-break spaces, non-breaking hyphens, full-width digits, joiners, keycaps.
Patterns match the folded text; what they match is looked up in the text as it was.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

_PLAIN: Final = {
    **dict.fromkeys("\u2043\u2212\u02d7\u0640\u2500\u2501\u30fc\uff70", "-"),
    **dict.fromkeys("\u00b7\u2022\u2027\u2219\u22c5\u30fb\u3002\uff61\uff65\u25cf\u25aa\u2024", "."),
    **dict.fromkeys("\u2044\u2215\u29f8\u2571", "/"),
    **dict.fromkeys("\u223c\u301c\u2053", "~"),
    **dict.fromkeys("\u2800\u3164\u115f\u1160\uffa0", " "),
}
"""What looks like a separator, where Unicode's compatibility forms do not say so."""
_UNSEEN: Final = frozenset({"Cf", "Mn", "Mc", "Me"})


@dataclass(frozen=True)
class Folded:
    """A folded text, and where its characters come from."""

    text: str
    """Folded."""
    original: str
    """As it was."""
    starts: Sequence[int]
    """Where in the original each folded character begins, and the original's length at the end."""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where in the original a part of the folded text is, with the unseen marks after it."""
        last = self.starts[end - 1]
        while end < len(self.text) and self.starts[end] == last:  # one character that folds to several
            end += 1
        return self.starts[start], self.starts[end]


def fold(text: str) -> Folded:
    """``text`` with plain digits, letters, spaces and separators, without marks that are not seen."""
    if text.isascii():
        return Folded(text, text, range(len(text) + 1))
    plain_forms = {character: _folded(character) for character in set(text) if character > "\x7f"}
    if all(len(plain) == 1 for plain in plain_forms.values()):
        return Folded(
            text.translate({ord(character): plain for character, plain in plain_forms.items()}),
            text,
            range(len(text) + 1),
        )
    folded, starts = list[str](), list[int]()
    for index, character in enumerate(text):
        plain = plain_forms.get(character, character)
        folded.append(plain)
        starts += [index] * len(plain)
    return Folded("".join(folded), text, [*starts, len(text)])


@lru_cache(4096)
def _folded(character: str) -> str:
    category = unicodedata.category(character)
    if character in _PLAIN:
        return _PLAIN[character]
    if category in _UNSEEN:
        return ""
    if category[0] == "Z":
        return " "
    if category == "Pd":
        return "-"
    digit = unicodedata.digit(character, None)
    if digit is not None:
        return str(digit)
    compatible = unicodedata.normalize("NFKC", character)
    return compatible if compatible.isascii() else character


@cache
def letter_like() -> str:
    """All characters that fold to letters or signs of ASCII, as the inside of a regular expression's class."""
    codes = [*range(0x80, 0x3400), *range(0xFE00, 0x10000), *range(0x1D400, 0x1D800), *range(0x1F100, 0x1F200)]
    return "".join(chr(code) for code in codes if any(_is_sign(sign) for sign in _folded(chr(code))))


def _is_sign(character: str) -> bool:
    return character.isascii() and (character.isalpha() or character in "@/_%&;")
