"""The error every part of the project raises for bad input: what, where, why, and what mends it."""

from collections.abc import Iterable
from difflib import get_close_matches


class SgAssetsError(Exception):
    """Bad input, told so that a reader can act on it.

    ``str(error)`` reads as one paragraph: what is wrong, where (file, key, row), why, and the nearest valid value or
    the command that mends it.
    """

    def __init__(
        self, what: str, *, where: str | None = None, why: str | None = None, remedy: str | None = None
    ) -> None:
        self.what = what
        self.where = where
        self.why = why
        self.remedy = remedy
        parts = [f"{where}: {what}" if where else what, why, remedy]
        super().__init__(" ".join(_sentence(part) for part in parts if part))


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def nearest(name: str, known: Iterable[str]) -> str:
    """A remedy naming the closest known value, or all of them when none is close."""
    values = sorted(known)
    close = get_close_matches(name, values, n=1)
    if close:
        return f"Did you mean '{close[0]}'?"
    return f"Known: {', '.join(values)}." if values else "None is declared."
