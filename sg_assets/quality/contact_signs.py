"""Signs of personal data in a text, by other means than the mask's, so that a hole in the mask is none here.

Nothing is shared with `ingest.pii`. Phone numbers are Google's ``phonenumbers``; e-mail addresses, identity numbers and
accounts are read word by word and not by patterns over the text; the text is made plain as a whole.
"""

import html
import re
import unicodedata
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from itertools import pairwise
from typing import Final

from phonenumbers import Leniency, PhoneNumberMatch, PhoneNumberMatcher

_MASKS: Final = re.compile(r"<(?:NRIC|EMAIL|PHONE|HANDLE)>")
_BRACKETED: Final = re.compile(r"\s*[\[({<]\s*(a|at|dot|@|\.)\s*[\])}>]\s*", re.IGNORECASE)
_DASH_DOT: Final = re.compile(r"\s*[*|-]dot[*|-]\s*", re.IGNORECASE)
_DASHED: Final = re.compile(rf"\s*[*|-]at[*|-]\s*(\w+(?:{_DASH_DOT.pattern}\w+)+)", re.IGNORECASE)
_WRITTEN: Final = {"a": "@", "at": "@", "@": "@", "dot": ".", ".": "."}
_TOP: Final = frozenset(["com", "net", "org", "edu", "gov", "sg", "my", "io", "co", "uk", "au", "me", "info", "biz"])
_MAIL: Final = frozenset(["gmail", "hotmail", "yahoo", "outlook", "live", "icloud", "msn", "protonmail", "singnet"])
_AFTER_NUMBERS: Final = frozenset(
    [
        "am", "pm", "h", "hr", "hrs", "hour", "hours", "k", "m", "mm", "cm", "km", "kg", "g", "min", "mins", "sgd",
        "usd", "rm", "cent", "cents", "bucks", "each", "ea", "pc", "pcs", "st", "nd", "rd", "th", "x", "ish",
    ]
)  # fmt: skip
_PAGES: Final = (
    *("instagram.com", "instagr.am", "facebook.com", "fb.com", "fb.me", "m.me", "t.me", "telegram.me", "twitter.com"),
    *(
        "x.com",
        "tiktok.com",
        "threads.net",
        "linkedin.com/in",
        "reddit.com/u",
        "reddit.com/user",
        "hardwarezone.com.sg/members",
        "instagram.com/stories",
        "snapchat.com/add",
    ),
)
_PUBLIC: Final = frozenset(
    [
        "p", "reel", "reels", "stories", "explore", "tv", "groups", "event", "events", "watch", "marketplace", "share",
        "sharer", "photo", "photos", "pages", "hashtag", "search", "home", "intent", "i", "login", "signup", "about",
        "help", "privacy", "terms", "settings", "notifications", "messages", "joinchat", "addstickers", "proxy",
        "socks", "plugins", "policies", "legal", "jobs", "download", "business", "c", "s", "tag", "discover",
        "story.php", "permalink.php", "photo.php", "sharer.php",
    ]
)  # fmt: skip
_NUMBERED: Final = re.compile(
    r"(?:#|\b(?:orders?|invoice|receipt|tracking|ticket|reference|ref|booking|serial|parcel)\W{0,3}"
    r"(?:(?:no|nos|number|num|id)\b\W{0,3})?|[$€£¥₹₫฿]\W?|\b(?:sgd|usd|myr|idr|vnd|rm|rp)\W{0,2}|(?<![\d.])0[.,])\Z",
    re.IGNORECASE,
)
_AMOUNTS: Final = re.compile(
    r"\W?(?:sgd|usd|dollars?|bucks|rupiah|dong|đ|sq ?ft|views|likes|points|pts|km|cal)\b", re.IGNORECASE
)
_COUNTED: Final = frozenset(sign * 8 for sign in "3689")
"""Digits for luck, which are nobody's number."""
_COUNTING: Final = re.compile(r"9\D8\D7\D6\D5\D4\D3\D2|8\D7\D6\D5\D4\D3\D2\D1")
_CHECK: Final = {"S": (0, "ABCDEFGHIZJ"), "T": (4, "ABCDEFGHIZJ"), "F": (0, "KLMNPQRTUWX"), "G": (4, "KLMNPQRTUWX")}


def has_signs(text: str) -> bool:
    """Whether a text seems to hold an identity number, phone number, e-mail address or account."""
    seen = _plain(text)
    words = seen.split()
    return _has_identity_number(seen) or _has_account(words) or _has_address(words) or _has_phone_number(seen)


def _plain(text: str) -> str:
    decoded = html.unescape(html.unescape(text)) if "&" in text else text
    plain = _BRACKETED.sub(lambda bracketed: _WRITTEN[bracketed[1].lower()], _seen(decoded))
    plain = _DASHED.sub(lambda dashed: "@" + _DASH_DOT.sub(".", dashed[1]), plain)
    return _MASKS.sub(" masked ", plain.replace("%40", "@"))


def _seen(text: str) -> str:
    if text.isascii():
        return text
    compatible = unicodedata.normalize("NFKC", text)
    plain = {ord(sign): _ascii_digit(sign) for sign in set(compatible) if sign > "\x7f"}
    return compatible.translate(plain)


def _ascii_digit(sign: str) -> str:
    """A digit of any script as that of ASCII, nothing for a mark, else the character."""
    if unicodedata.category(sign) in {"Cf", "Mn", "Me", "Mc"}:
        return ""
    return str(unicodedata.digit(sign, sign))


def _has_phone_number(text: str) -> bool:
    if sum(map(str.isdigit, text)) < 8:
        return False
    line = re.sub(r"[\s\u2212\u2043\u00b7\u2022\u30fb]", " ", text)
    with_plus = re.sub(r"\b00(?=65|[1-9]\d{10})", "+", line)
    matches = PhoneNumberMatcher(with_plus, "SG", leniency=Leniency.VALID)
    return any(_is_contact(with_plus, match) for match in matches)


def _is_contact(line: str, match: PhoneNumberMatch) -> bool:
    """Whether what ``phonenumbers`` takes for a number is not a date, a price, a row of numbers or an address."""
    if "+" in match.raw_string:
        return True
    national = str(match.number.national_number)
    if match.number.country_code != 65 or len(national) != 8:
        return False
    if (
        national in _COUNTED
        or _COUNTING.search(match.raw_string)
        or _NUMBERED.search(line[: match.start])
        or _AMOUNTS.match(line[match.end :])
    ):
        return False
    written = re.split(r"[^\d\s()+./-]", match.raw_string)[0] if match.number.extension else match.raw_string
    groups = re.findall(r"\d+", written)
    between = {sign.strip() for sign in re.findall(r"\D+", written.strip("() "))}
    if len("".join(groups)) != 8:
        return len("".join(groups)) in {10, 12}
    even = len(between) <= 1 or len(groups[0]) == 4
    sizes = [len(group) for group in groups]
    if (
        not even
        or (min(sizes) == 1 and len(groups) < 8 and sizes != [1, 3, 4])
        or (len(groups) == 2 and (min(sizes) < 3 or between == {"."}))
    ):
        return sizes == [4, 4]
    return not (_is_day(groups) or _is_range(groups) or _is_row(line, match) or groups[-1] == "000")


def _is_day(groups: Sequence[str]) -> bool:
    digits = "".join(groups)
    with suppress(ValueError):
        day = date(int(digits[4:]), int(digits[2:4]), int(digits[:2]))
        return [len(group) for group in groups] in ([8], [2, 2, 4]) and 1900 <= day.year < 2100
    return False


def _is_range(groups: Sequence[str]) -> bool:
    return len(groups) == 2 and all(group.endswith("00") for group in groups)


def _is_row(line: str, match: PhoneNumberMatch) -> bool:
    """Whether more numbers follow or go before, as in a row of them."""
    if re.fullmatch(r"\d{8}|\d{4}\D+\d{4}", match.raw_string):
        return False
    return bool(re.search(r"\d\W{0,3}$", line[: match.start]) or re.match(r"\W{0,3}\d", line[match.end :]))


def _has_identity_number(text: str) -> bool:
    """Whether nine characters in a row are one, or its letters and digits stand apart."""
    upper = text.upper()
    digits = (match.start() for match in re.finditer(r"(?=\d{7})", upper))
    if any(_is_identity_number(upper[start - 1 : start + 8]) for start in digits if start):
        return True
    pieces = re.findall(r"[^\W_]+", upper)
    for first, piece in enumerate(pieces):
        if piece[0] in "STFGM" and (len(piece) == 1 or piece[1:].isdigit()):
            joined = piece
            for following in pieces[first + 1 : first + 9]:
                joined += following
                if len(joined) >= 9:
                    break
            if _is_identity_number(joined) and "'" + piece not in upper:
                return True
    return False


def _is_identity_number(candidate: str) -> bool:
    series, digits, letter = candidate[:1], candidate[1:8], candidate[8:]
    if not (len(candidate) == 9 and digits.isascii() and digits.isdigit()):
        return False
    weighted = sum(int(digit) * weight for digit, weight in zip(digits, (2, 7, 6, 5, 4, 3, 2), strict=True))
    if series == "M":
        return letter == "KLJNPQRTUWX"[10 - (weighted + 3) % 11]
    if series not in _CHECK:
        return False
    offset, letters = _CHECK[series]
    return letter == letters[10 - (weighted + offset) % 11]


def _has_address(words: Sequence[str]) -> bool:
    """Whether a word is an e-mail address, or some in a row are one written out."""
    for index, word in enumerate(words):
        lower = word.lower()
        if "@" in word and any(map(_is_address, zip(word.split("@"), word.split("@")[1:], strict=False))):
            return True
        host = ".".join(words[index + 1 : index + 4]).lower().replace(".dot.", ".").strip(",;!?.").split(".")
        if index and lower in {"at", "@"} and host[0] in _MAIL and host[1:] and host[1] in _TOP:
            return True
    return False


def _is_address(sides: tuple[str, str]) -> bool:
    local, host = sides
    labels = re.split(r"[^\w.-]", host)[0].rstrip(".").split(".")
    return (
        bool(re.search(r"[\w+%-]$", local))
        and len(labels) > 1
        and all(labels)
        and labels[-1].isalpha()
        and len(labels[-1]) > 1
    )


def _has_account(words: Sequence[str]) -> bool:
    return any(_is_account(word) or _is_page(word.lower()) for word in words if "@" in word or "/" in word)


def _is_account(word: str) -> bool:
    for after in word.split("@")[1:]:
        name = re.match(r"\w*", after)
        if name and any(sign.isalpha() for sign in name[0]) and not _is_amount(name[0].lower()):
            return True
    parts = re.split(r"[^\w/-]", word)
    return any(_names_user(part.lower().split("/")) for part in parts)


def _is_amount(name: str) -> bool:
    return name.lstrip("0123456789") in _AFTER_NUMBERS and name[0].isdigit()


def _names_user(steps: Sequence[str]) -> bool:
    """Whether steps of a path hold ``u`` and a name after it: at the beginning, or behind a host."""
    return any(
        (name.startswith("u_") and step == "r")
        or (step == "u" and (not index or not steps[index - 1] or index > 1) and len(name) >= 3)
        for index, (step, name) in enumerate(pairwise(steps))
    )


def _is_page(word: str) -> bool:
    address = word.partition("://")[2] or word
    for page in _PAGES:
        before, separator, after = address.partition(page + "/")
        name = re.match(r"/?@?([^\W_][\w.%-]+)", after)
        if separator and name and (not before or before[-1] in "./(") and name[1].rstrip(".") not in _PUBLIC:
            return True
    return False
