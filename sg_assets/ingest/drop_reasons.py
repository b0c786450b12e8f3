"""Rows that hold no comment of a person: what a site puts in a removed comment's stead, and what bots write."""

from collections.abc import Sequence

import polars as pl

REMOVED = "removed"
"""The reason of rows whose comment was removed or deleted."""
BOT = "bot"
"""The reason of rows that a bot wrote."""

_AROUND = r"[\s*_~>\\.]*"
_THING = r"(?:comment|post|message|content|text|reply|submission|thread|account|user|image|video)s?"
_GONE = r"(?:removed|deleted|unavailable|no\s+longer\s+available)"
_IS = r"(?:has\s+been|have\s+been|was|were|is|are)"
_BY = r"(?:\s+(?:by|in|at|for|from|due|because|as|per)\b[^\[\]\n]{0,150})?"
_OPENED, _CLOSED = r"[\[({<\x{FF3B}\x{3010}\x{3014}\x{FF08}]", r"[\])}>\x{FF3D}\x{3011}\x{3015}\x{FF09}]"
_WHOSE = r"(?:this|the|your|a)"
_BRACKETED = rf"{_OPENED}\s*(?:{_WHOSE}\s+)?(?:{_THING}\s+)?(?:{_IS}\s+)?{_GONE}(?:\s+{_THING})?{_BY}[\s.!\\]*{_CLOSED}"
# Without brackets only whole sentences: "deleted" alone may be a person's word.
_SENTENCE = (
    rf"(?:(?:sorry,\s+)?{_WHOSE}\s+{_THING}\s+{_IS}\s+{_GONE}{_BY}|{_THING}\s+{_GONE}\s+by\b[^\n]{{0,80}}"
    rf"|(?:comment|post|message|reply|submission)\s+(?:{_IS}\s+)?(?:removed|deleted)"
    r"|(?:removed|deleted)\s+by\s+(?:reddit|moderators?|mods|auto-?mod\w*|admins?|(?:the\s+)?(?:author|user|poster))\b[^\n]{0,150}"
    r"|<?(?:media|image|video|audio|sticker|gif|document)\s+omitted>?"
    r"|you\s+deleted\s+this\s+message)[.!]?"
)
_PLACEHOLDER = rf"(?i)^{_AROUND}(?:(?:{_BRACKETED}{_AROUND}){{1,3}}|{_SENTENCE}){_AROUND}$"


def drop_reasons(texts: pl.Series, authors: pl.Series, bots: Sequence[str], phrases: Sequence[str]) -> pl.Series:
    """Why each row holds no comment: ``removed``, ``bot``, or null for comments.

    Args:
        texts: Cleaned.
        authors: Names of accounts, or nulls.
        bots: Accounts that are bots, in any case.
        phrases: Texts that only bots write, in any case; a comment that contains one is a bot's.
    """
    by_bot = _names(authors).is_in([_plain_name(name) for name in bots]).fill_null(value=False)
    if phrases:
        lower = [phrase.lower() for phrase in phrases]
        by_bot |= texts.str.to_lowercase().str.contains_any(lower).fill_null(value=False)
    removed = texts.str.contains(_PLACEHOLDER).fill_null(value=False)
    frame = pl.DataFrame({"removed": removed, "bot": by_bot})
    reason = pl.when("removed").then(pl.lit(REMOVED)).when("bot").then(pl.lit(BOT)).alias("reason")
    return frame.select(reason).to_series()


def _names(authors: pl.Series) -> pl.Series:
    return authors.str.strip_chars().str.to_lowercase().str.replace(r"^/?u/|^@", "")


def _plain_name(name: str) -> str:
    return name.strip().lower().removeprefix("/").removeprefix("u/").removeprefix("@")
