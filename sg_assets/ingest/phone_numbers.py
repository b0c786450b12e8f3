"""Phone numbers in folded texts: Singapore's, and international ones that begin with a plus.

A number is read as groups of digits with separators between them, since people write "9123 4567", "912-345-67",
"91.23.45.67" and "9 1 2 3 4 5 6 7". Other numbers of eight digits differ in their groups and in what stands around
them: dates, prices, ranges, rows of numbers.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

_SEPARATORS: Final = r"[ \t\r\n\-./_~()]"
_RUN: Final = re.compile(rf"[0-9]+(?:{_SEPARATORS}{{1,4}}(?:\+ ?)?[0-9]+)*")
_ENCODED: Final = re.compile(r"%[0-9A-Fa-f]{2}")
_PLUS: Final = re.compile(r"\+[ \t\r\n(.\-/]{0,3}\Z")
_GROUP: Final = re.compile(r"[0-9]+")
_DIGITS: Final = 8
_FIRST: Final = "3689"
_SHORTEST, _LONGEST = 8, 15  # of international numbers, with their country code
_PRICE: Final = re.compile(r"(?:[$€£¥₹₫฿]|\b(?:SGD|USD|MYR|IDR|VND|RM|Rp|US|HK))\.? ?\Z", re.IGNORECASE)
_NUMBER_OF: Final = re.compile(
    r"(?:#|\b(?:orders?|invoice|receipt|tracking|ticket|reference|ref|booking|serial|parcel)"
    r"(?: ?(?:no|nos|number|num|id))?[.:]? ?#?)\Z",
    re.IGNORECASE,
)
_AMOUNT: Final = re.compile(r" ?(?:sgd|usd|dollars?|bucks|rupiah|dong|đ|sq ?ft|views|likes|points|pts|km|cal)\b", re.I)

_ROW_OF: Final = re.compile(r"\b(?:4-?D|toto|psi|[RG]TX)\b[\s:,.#\-]{0,3}\Z", re.IGNORECASE)
"""What rows of numbers follow: those drawn in a lottery, the haze of the regions, graphics cards."""


class _Group(NamedTuple):
    """Digits in a row."""

    start: int
    end: int
    digits: str


def phone_spans(text: str) -> Iterator[tuple[int, int]]:
    """Where phone numbers are in a folded text, each with its country code, in order."""
    text = _ENCODED.sub("   ", text)  # "%20" before a number is no digit of it
    for run in _RUN.finditer(text):
        if sum(character.isdigit() for character in run[0]) >= _DIGITS:
            yield from _of_run(text, run)


def _of_run(text: str, run: re.Match[str]) -> Iterator[tuple[int, int]]:
    if _ROW_OF.search(text[max(0, run.start() - 12) : run.start()]):
        return
    groups = [_Group(*match.span(), match[0]) for match in _GROUP.finditer(text, *run.span())]
    index = 0
    while index < len(groups):
        count = _length(text, groups, index)
        if count:
            yield _with_signs(text, groups[index].start, groups[index + count - 1].end)
        index += count or 1


def _length(text: str, groups: Sequence[_Group], first: int) -> int:
    """How many groups from the first on are a phone number; 0 for none."""
    start, digits = groups[first].start, groups[first].digits
    code = _code(digits)
    rest = digits[code:] if code else ""
    if code and not rest:  # the code is a group of its own
        local = _local(text, groups, first + 1, plain=False)
        if local:
            return local + 1
    elif len(rest) == _DIGITS and rest[0] in _FIRST:
        return 1
    elif rest and rest[0] in _FIRST and len(rest) < _DIGITS:
        split = [_Group(start + code, groups[first].end, rest), *groups[first + 1 :]]
        local = _local(text, split, 0, plain=False)
        if local:
            return local
    if _PLUS.search(text[max(0, start - 4) : start]):
        return _international(text, groups, first)
    if digits.startswith("00") and not digits.startswith("000"):
        return _international(text, groups, first, shortest=11)
    return _local(text, groups, first, plain=True)


def _code(digits: str) -> int:
    """The length of Singapore's country code at the beginning of the digits."""
    return next((len(code) for code in ("0065", "65") if digits.startswith(code)), 0)


def _international(text: str, groups: Sequence[_Group], first: int, shortest: int = _SHORTEST) -> int:
    total, count = 0, 0
    for group in groups[first:]:
        total += len(group.digits)
        if total > _LONGEST or (count and "+" in text[groups[first + count - 1].end : group.start]):
            break
        count += 1
        if total >= 10 and count > 1 and len(group.digits) >= 4:
            break
    digits = sum(len(group.digits) for group in groups[first : first + count])
    return count if shortest <= digits <= _LONGEST else 0


def _local(text: str, groups: Sequence[_Group], first: int, *, plain: bool) -> int:
    """How many groups from the first on are the eight digits of a number; ``plain``: no country code is before them."""
    if first >= len(groups) or groups[first].digits[0] not in _FIRST:
        return 0
    count, total = 0, 0
    while total < _DIGITS and first + count < len(groups):
        total += len(groups[first + count].digits)
        count += 1
    number = groups[first : first + count]
    if total != _DIGITS or not _is_grouped(text, groups, first, count, plain=plain):
        return 0
    return 0 if plain and _is_other_number(text, number) else count


def _is_grouped(text: str, groups: Sequence[_Group], first: int, count: int, *, plain: bool) -> bool:
    number = groups[first : first + count]
    sizes = [len(group.digits) for group in number]
    if sizes in ([8], [4, 4]):
        return True
    kinds = _kinds(text, number)
    if count == 2 and plain and (min(sizes) < 3 or kinds == ["."]):  # a decimal, or a house and a postcode
        return False
    same = len(set(kinds)) == 1 or not plain or sizes[0] == 4
    if not same or not (min(sizes) >= 2 or sizes in ([1] * _DIGITS, [1, 3, 4])):
        return False
    return not plain or not _goes_on(text, groups, first, count, kinds[0])


def _goes_on(text: str, groups: Sequence[_Group], first: int, count: int, kind: str) -> bool:
    """Whether more such groups stand before or after: then it is a row of numbers."""
    neighbours = [groups[index : index + 2] for index in (first - 1, first + count - 1) if index >= 0]
    pairs = [pair for pair in neighbours if len(pair) == 2]
    single = len(groups[first].digits) == 1
    outside = [pair[0] if pair[0].start < groups[first].start else pair[1] for pair in pairs]
    return any(
        _kinds(text, pair) == [kind] and (single or len(other.digits) >= 2)
        for pair, other in zip(pairs, outside, strict=True)
    )


def _kinds(text: str, groups: Sequence[_Group]) -> list[str]:
    """What stands between each two groups: spaces, or the sign among them."""
    between = [text[before.end : after.start] for before, after in pairwise(groups)]
    return [separator.strip() or " " for separator in between]


def _is_other_number(text: str, number: Sequence[_Group]) -> bool:
    start, end = number[0].start, number[-1].end
    before, after = text[max(0, start - 24) : start], text[end : end + 10]
    sizes = [len(group.digits) for group in number]
    digits = "".join(group.digits for group in number)
    if _PRICE.search(before) or _AMOUNT.match(after) or re.search(r"(?<![0-9.])0[.,]\Z", before):
        return True
    if sizes in ([8], [2, 2, 4]) and _is_date(digits):
        return True
    if _is_counting(digits) and (sizes == [1] * _DIGITS or len(set(digits)) == 1):
        return True
    if sizes == [8]:
        return _NUMBER_OF.search(before) is not None
    if sizes == [4, 4]:  # prices, or a range of them
        return digits.endswith("00") and digits[2:4] == "00"
    return sizes == [2, 3, 3] and digits.endswith("000")


def _is_counting(digits: str) -> bool:
    """Whether the digits are all the same, or count up or down: "huat 88888888", "9 8 7 6 5 4 3 2"."""
    return len({int(after) - int(before) for before, after in pairwise(digits)}) == 1


def _is_date(digits: str) -> bool:
    day, month, year = int(digits[:2]), int(digits[2:4]), int(digits[4:])
    return 1 <= day <= 31 and 1 <= month <= 12 and 1900 <= year <= 2099


def _with_signs(text: str, start: int, end: int) -> tuple[int, int]:
    """The span with the signs that belong to it: a plus, and brackets around its beginning."""
    signs = re.search(r"\(?\+? ?\(?\Z", text[max(0, start - 4) : start])
    before = signs[0] if signs else ""
    if "+" not in before:
        before = before.lstrip() if ")" in text[start:end] else ""
    return start - len(before), end
