"""The value of a plain YAML scalar, where YAML 1.1 and YAML 1.2 read the same; refused where they differ.

Most tools read YAML by one of the two, and few people know by which: ``010`` is 8 or 10, ``yes`` true or a text,
``1e-4`` a text or a number. Both are implemented here as their specifications have them, but for ``y`` and ``n``, which
hardly any reader of YAML 1.1 takes for true and false.
"""

import math
import re
from dataclasses import dataclass
from typing import Final

from sg_assets.errors import SgAssetsError

Scalar = str | int | float | bool | None
LARGEST: Final = 2**63 - 1
"""The largest whole number that may be declared: tables hold 64 bits."""
_LONGEST_NUMBER: Final = 40
_LONGEST_SHOWN: Final = 40

_NULLS: Final = frozenset({"", "~", "null", "Null", "NULL"})
_TRUE: Final = frozenset({"true", "True", "TRUE"})
_FALSE: Final = frozenset({"false", "False", "FALSE"})
_TRUE_1_1: Final = _TRUE | {"yes", "Yes", "YES", "on", "On", "ON"}
_FALSE_1_1: Final = _FALSE | {"no", "No", "NO", "off", "Off", "OFF"}
_BEGINS_OTHERWISE: Final = re.compile(r"[A-Za-z_]")
"""No number and no date begins with a letter."""
_NOT_FINITE: Final = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_INT_1_1: Final = re.compile(r"[-+]?(?:0b_*[01][01_]*|0x_*[0-9a-fA-F][0-9a-fA-F_]*|0[0-7_]*|[1-9][0-9_]*)")
_FLOAT_1_1: Final = re.compile(r"[-+]?(?:[0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*)(?:[eE][-+][0-9]+)?")
_BASE_60: Final = re.compile(r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?")
_DATE: Final = re.compile(
    r"\d{4}-\d\d-\d\d|\d{4}-\d\d?-\d\d?(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d\d?(?::?\d\d)?))?"
)
_INT_1_2: Final = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT_1_2: Final = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")


@dataclass(frozen=True)
class _Other:
    """A reading that no declaration can use."""

    words: str


_Reading = Scalar | _Other
_A_DATE: Final = _Other("a date")
_WORDS_1_1: Final[dict[str, _Reading]] = {
    **dict.fromkeys(_NULLS),
    **dict.fromkeys(_TRUE_1_1, True),
    **dict.fromkeys(_FALSE_1_1, False),
    "<<": _Other("a merge of mappings"),
    "=": _Other("a default value"),
}
_WORDS_1_2: Final[dict[str, _Reading]] = {
    **dict.fromkeys(_NULLS),
    **dict.fromkeys(_TRUE, True),
    **dict.fromkeys(_FALSE, False),
}


def value_of(text: str, where: str) -> Scalar:
    """The value of a plain scalar: a text, a number, true, false or nothing.

    Args:
        text: As written, without quotes.
        where: File and line, for errors.

    Raises:
        SgAssetsError: YAML 1.1 and 1.2 read it differently, or it is no number that can be used.
    """
    if _BEGINS_OTHERWISE.match(text) and text not in _WORDS_1_1:
        return text
    _refuse_unusable(text, where)
    first, second = _reading_1_1(text), _reading_1_2(text)
    for value in (first, second):
        _refuse_large(text, value, where)
    if (type(first), first) == (type(second), second) and not isinstance(first, _Other):
        return first
    written = dict.fromkeys(_written(value) for value in (first, second) if not isinstance(value, str | _Other))
    choices = [*(() if _A_DATE in (first, second) else written), f"'{_shown(text)}' in quotes for a text"]
    raise SgAssetsError(
        f"YAML 1.1 and YAML 1.2 read '{_shown(text)}' differently", where=where,
        why=f"the first reads {_described(first)}, the second {_described(second)}",
        remedy=f"Write {' or '.join(choices)}",
    )  # fmt: skip


def _refuse_unusable(text: str, where: str) -> None:
    if _NOT_FINITE.fullmatch(text):
        raise SgAssetsError(f"'{text}' is not a finite number", where=where, remedy="Write the number that is meant")
    numbers = (_INT_1_1, _FLOAT_1_1, _BASE_60, _INT_1_2, _FLOAT_1_2)
    if len(text) > _LONGEST_NUMBER and any(pattern.fullmatch(text) for pattern in numbers):
        raise SgAssetsError(
            f"'{_shown(text)}' is a number of {len(text)} characters", where=where,
            remedy=f"Write a number of at most {_LONGEST_NUMBER} characters, or put it in quotes for a text",
        )  # fmt: skip


def _refuse_large(text: str, value: _Reading, where: str) -> None:
    if isinstance(value, float) and not math.isfinite(value):
        raise SgAssetsError(f"'{_shown(text)}' is not a finite number", where=where, remedy="Write a smaller number")
    if isinstance(value, int) and abs(value) > LARGEST:
        raise SgAssetsError(
            f"'{_shown(text)}' is too large", where=where, why="whole numbers have 64 bits",
            remedy=f"Write at most {LARGEST}, or put it in quotes for a text",
        )  # fmt: skip


def _reading_1_1(text: str) -> _Reading:
    if text in _WORDS_1_1:
        return _WORDS_1_1[text]
    plain = text.replace("_", "")
    if _INT_1_1.fullmatch(text):
        return _whole_1_1(plain)
    if _BASE_60.fullmatch(text):
        return _base_60(plain)
    if _FLOAT_1_1.fullmatch(text):
        return float(plain)
    return _A_DATE if _DATE.fullmatch(text) else text


def _whole_1_1(plain: str) -> int:
    sign, digits = (-1 if plain.startswith("-") else 1), plain.lstrip("+-")
    base = {"0b": 2, "0x": 16}.get(digits[:2], 8 if digits.startswith("0") else 10)
    digits = digits[2:] if base in (2, 16) else digits
    return sign * int(digits, base)


def _base_60(plain: str) -> int | float:
    sign, parts = (-1 if plain.startswith("-") else 1), plain.lstrip("+-").split(":")
    total: int | float = 0
    for part in parts:
        total = total * 60 + (float(part) if "." in part else int(part))
    return sign * total


def _reading_1_2(text: str) -> _Reading:
    if text in _WORDS_1_2:
        return _WORDS_1_2[text]
    if _INT_1_2.fullmatch(text):
        base = {"0o": 8, "0x": 16}.get(text[:2], 10)
        return int(text[2:] if base != 10 else text, base)
    return float(text) if _FLOAT_1_2.fullmatch(text) else text


def _described(value: _Reading) -> str:
    if isinstance(value, _Other):
        return value.words
    if isinstance(value, str):
        return "a text"
    return _written(value) if value is None or isinstance(value, bool) else f"the number {_written(value)}"


def _written(value: object) -> str:
    """A value as both versions read it."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return repr(value) if "e" not in repr(value) or "." in repr(value) else repr(value).replace("e", ".0e")


def _shown(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 1]}…"
