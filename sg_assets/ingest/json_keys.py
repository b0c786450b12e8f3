"""The keys of JSON objects that hold a field, found in the text of many lines at once."""

import json
import re
from collections.abc import Iterable

import polars as pl

from sg_assets.ingest.columns import KEPT, ColumnNames, folded


class JsonKeys:
    """Finds the accepted keys of lines of JSON, as they are spelled there.

    A key inside a nested object is found as well, so what is found is a superset of the keys of the objects themselves.
    """

    def __init__(self, columns: ColumnNames) -> None:
        names = [name for accepted in columns.accepted.values() for name in accepted]
        # Rust's regex, which knows no look-around.
        decisive = dict.fromkeys(name for field in KEPT for name in columns.accepted[field])
        self._decisive = {name: code for code, name in enumerate(decisive)}
        self._key = rf'(?i)"\s*(?:{"|".join(map(_spellings, names))})\s*"\s*:'
        self._escaped = rf"(?i){'|'.join(_escapes_of_ascii(names))}"

    def spelled(self, lines: pl.Series) -> tuple[list[str], pl.Series]:
        """The distinct spellings of accepted keys, and which lines may spell one in a way that has to be read slowly.

        Those are lines with an accepted key twice, be it in a nested object, and lines with escaped ASCII letters.
        """
        keys = (
            pl.DataFrame({"key": lines.str.extract_all(self._key)})
            .with_row_index("line")
            .cast({"line": pl.UInt64})
            .explode("key")
        )
        spellings = {token: _unquoted(token) for token in keys["key"].unique().drop_nulls().to_list()}
        slow = lines.str.contains(self._escaped)
        if spellings:
            slow = slow.scatter(self._twice(keys.drop_nulls("key"), spellings), values=True)
        return sorted(set(spellings.values())), slow

    def _twice(self, keys: pl.DataFrame, spellings: dict[str, str]) -> pl.Series:
        """The lines that have a name twice."""
        codes = {token: self._decisive.get(folded(name)) for token, name in spellings.items()}
        code = pl.col("key").replace_strict(codes, return_dtype=pl.UInt64)
        # A number for each name in each line, for numbers are compared many times faster than pairs.
        named = keys.select(pl.col("line") * len(self._decisive) + code).to_series().drop_nulls()
        return named.filter(named.is_duplicated()).unique() // len(self._decisive)


def _unquoted(token: str) -> str:
    """The key of a match, which ends in a colon."""
    return str(json.loads(token.rpartition(":")[0].strip()))


def _spellings(name: str) -> str:
    """A pattern for a name, of which some letters must be escaped in JSON and those that are not ASCII may be."""
    return "".join(re.escape(letter) if _is_plain(letter) else _escaped_or_not(letter) for letter in name)


def _is_plain(letter: str) -> bool:
    return letter.isascii() and letter.isprintable() and letter not in '"\\'


def _escaped_or_not(letter: str) -> str:
    variants = dict.fromkeys((letter, letter.lower(), letter.upper()))
    return f"(?:{'|'.join(f'{_in_json(variant)}|{_json_escape(variant)}' for variant in variants)})"


def _in_json(letter: str) -> str:
    return re.escape(json.dumps(letter, ensure_ascii=False)[1:-1])


def _json_escape(text: str) -> str:
    units = text.encode("utf-16-be")
    return "".join(rf"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))


def _escapes_of_ascii(names: Iterable[str]) -> list[str]:
    letters = sorted({letter for name in names for letter in (*name.lower(), *name.upper()) if letter.isascii()})
    return [*(_json_escape(letter) for letter in letters), *([r"\\/"] if "/" in letters else [])]
