"""The errors of the project: what is wrong, where, why, and what mends it.

A command prints any of them and ends. The children of `SgAssetsError` are those that a program may want to handle.
"""

import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

_PLAIN_WORD: Final = re.compile(r"[a-z]+([ ,;:]|$)")


class SgAssetsError(Exception):
    """Something a person can mend, in words to act on.

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
        first = f"{where}: {what}" if where else what
        # The reason stays a sentence of its own: alerts quote the first one only, for a reason may quote data.
        super().__init__(" ".join(_sentence(part) for part in (first, why and _capitalised(why), remedy) if part))


class InvalidSettingError(SgAssetsError):
    """A variable of the environment has a value that cannot be used."""


class InvalidDeclarationError(SgAssetsError):
    """Declarations cannot be read, or contradict each other; the message has a line for each problem."""


class NotDeclaredError(SgAssetsError):
    """A name that no declaration has: an asset, a partition, a variant, a judge, a profile."""


class NotPublishedError(SgAssetsError):
    """A partition that has no version yet: materialize it first."""


class UnknownVersionError(SgAssetsError):
    """A version id that the store has no record of."""


class ContentMissingError(SgAssetsError):
    """A version is recorded, and its content is not in the store any more: make it again."""


class DamagedStoreError(SgAssetsError):
    """A record or a text of the store that cannot be read, or is not what its name says."""


class DamagedRecordsError(SgAssetsError):
    """Dagster's records of runs cannot be used: half made, with two schemas, or damaged. The store is not affected."""


class DamagedContentError(DamagedStoreError):
    """The content of a version is not what was published: nothing reads it."""


class IncompatibleStoreError(SgAssetsError):
    """A store of another profile, or of a format that this code does not read."""


def _capitalised(text: str) -> str:
    """A text that begins like a sentence, unless its first word is a name."""
    return text[0].upper() + text[1:] if _PLAIN_WORD.match(text) else text


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def nearest(name: str, known: Iterable[str]) -> str:
    """A remedy naming the closest known value, or all of them when none is close."""
    values = sorted(known)
    close = get_close_matches(name, values, n=1)
    if close:
        return f"Did you mean '{close[0]}'?"
    return f"Known: {', '.join(values)}." if values else "None is declared."
