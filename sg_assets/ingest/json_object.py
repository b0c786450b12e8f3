"""Reads the fields of one line of JSON, slow and exact, for the few lines that the fast parser may get wrong."""

import json
import re
from collections.abc import Mapping

from sg_assets.ingest.columns import KEPT, ColumnNames, folded

# What the pattern \s is in Rust's regex and in Unicode; Python's also has four control characters.
_WHITESPACE = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_JOIN = "Declare `raw.columns.join_text_parts: true` in the profile to read its parts joined, or name another column."
_KINDS: Mapping[type, str] = {list: "a list", bool: "true or false"}


class JsonLineError(Exception):
    """What is wrong with a line, and the remedy where it is a special one. Quotes no text."""

    def __init__(self, fault: str, remedy: str | None = None) -> None:
        self.fault = fault
        self.remedy = remedy
        super().__init__(fault)


class _Number(str):
    """A number as it is written, of any length."""

    __slots__ = ()


class _Object(list[tuple[str, object]]):
    """The pairs of an object, with keys that come twice."""


def read_object(line: str, columns: ColumnNames) -> dict[str, str | None]:
    """The fields of one object: each from the first accepted key that has a value.

    Lone halves of surrogate pairs become U+FFFD.

    Raises:
        JsonLineError: no object in JSON, nested too deep, an accepted key twice, or a value that is no text.
    """
    pairs = _parsed(line)
    values: dict[str, object] = {}
    wanted = {name for field in KEPT for name in columns.accepted[field]}
    for key, value in pairs:
        name = folded(key)
        if name in values and name in wanted:
            raise JsonLineError(f"the key '{name}' is in this object twice")
        values[name] = value
    return {field: _field(field, names, values, columns) for field, names in columns.accepted.items()}


def _parsed(line: str) -> _Object:
    try:
        value = json.loads(
            line, object_pairs_hook=_Object, parse_int=_Number, parse_float=_Number, parse_constant=_refused
        )
    except RecursionError:
        raise JsonLineError("this line is nested too deep") from None
    except ValueError:
        value = None
    if not isinstance(value, _Object):
        raise JsonLineError("this line is not one JSON object", _one_a_line(line))
    return value


def _one_a_line(line: str) -> str | None:
    """How to write a list, or objects over several lines, as one object a line."""
    if line.lstrip().startswith("["):
        return "Write one object a line: `jq -c '.[]'`."
    ended = line.rstrip().endswith("}")
    return None if ended else "If objects are written over several lines: `jq -c .`; else repair or remove the file."


def _refused(constant: str) -> object:
    raise ValueError(constant)  # NaN and Infinity are no JSON


def _field(field: str, names: list[str], values: Mapping[str, object], columns: ColumnNames) -> str | None:
    for name in names:
        if (value := values.get(name)) is not None:
            text = _text(field, value, join=field == "text" and columns.join_text_parts)
            if text.strip(_WHITESPACE):
                return _LONE_SURROGATE.sub("\ufffd", text)
    return None


def _text(field: str, value: object, *, join: bool) -> str:
    if field == "author":
        return value if isinstance(value, str) else ""
    if isinstance(value, _Number):
        if field == "source":
            return str(value)
        raise JsonLineError(f"the {field} is a number, not a text", "Write it as a text, or name another column.")
    if isinstance(value, str):
        return value
    if isinstance(value, list) and not isinstance(value, _Object):
        if join:
            return "".join(map(_part, value))
        raise JsonLineError(f"the {field} is a list, not a text", _JOIN if field == "text" else None)
    raise JsonLineError(f"the {field} is {_KINDS.get(type(value), 'an object')}, not a text", "Name another column.")


def _part(part: object) -> str:
    """A part of a text: a text, or an object with one (Telegram's links and mentions)."""
    if isinstance(part, _Object):
        part = dict(part).get("text")
    if isinstance(part, str) and not isinstance(part, _Number):
        return part
    raise JsonLineError("a part of the text is neither a text nor an object with a 'text'", "Name another column.")
