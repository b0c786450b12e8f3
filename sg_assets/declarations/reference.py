"""The reference of declarations as Markdown, from their schemas."""

from collections.abc import Iterator
from typing import Any

from sg_assets.declarations.schemas import KINDS, Kind, schema

_HEAD = """\
# Reference of declarations

Every key of every YAML file under `models/`. Written by `make schemas` from the records in `sg_assets/declarations/`;
the same as JSON Schema, for editors, is in [schemas/](schemas). What the files are for: [here](declarations.md).
"""


def reference() -> str:
    """All kinds of files, a table of keys each."""
    return "\n".join([_HEAD, *(line for kind in KINDS for line in _kind(kind))])


def _kind(kind: Kind) -> Iterator[str]:
    found = schema(kind)
    where = ", ".join(f"`{one}`" for one in kind.files)
    listed = "" if kind.listed is None else f" A list under `{kind.listed}`; of each entry:"
    yield f"## {kind.name.replace('_', ' ').capitalize()}\n\n{_sentence(kind.record.__doc__)} In {where}.{listed}\n"
    own = found if kind.listed is None else found["properties"][kind.listed]["items"]
    yield from _table(own)
    names = [name for name in found["$defs"] if "properties" in found["$defs"][name]]
    for name in names:
        part = found["$defs"][name]
        yield f"### {name}\n\n{_sentence(part.get('description'))}\n"
        yield from _table(part)


def _table(part: dict[str, Any]) -> Iterator[str]:
    required = part.get("required", [])
    yield "| key | value | |\n|---|---|---|"
    for name, one in part["properties"].items():
        told = ["**needed.**" if name in required else "", _cell(one.get("description", "")), _default(one)]
        yield f"| `{name}` | {_type(one)} | {' '.join(part for part in told if part)} |"
    yield ""


def _type(one: dict[str, Any]) -> str:
    if "$ref" in one:
        return str(one["$ref"]).rpartition("/")[2]
    if "enum" in one or "const" in one:
        return " or ".join(f"`{value}`" for value in one.get("enum", [one.get("const")]))
    if "anyOf" in one:
        return " or ".join(_type(part) for part in one["anyOf"] if part.get("type") != "null")
    if one.get("type") == "array":
        items = one.get("items") or {}
        return f"list of {_type(items)}" if items else "list"
    if isinstance(one.get("additionalProperties"), dict):
        return f"name: {_type(one['additionalProperties'])}"
    bounds = [f"{sign} {one[key]}" for key, sign in _BOUNDS.items() if key in one]
    return " ".join([{"integer": "whole number", "string": "text", "boolean": "true or false"}.get(
        str(one.get("type")), str(one.get("type", "any"))), *bounds])  # fmt: skip


_BOUNDS = {"minimum": "≥", "exclusiveMinimum": ">", "maximum": "≤", "exclusiveMaximum": "<"}


def _default(one: dict[str, Any]) -> str:
    value = one.get("default")
    if not isinstance(value, bool | int | float | str):
        return ""
    return f"Default: `{str(value).lower() if isinstance(value, bool) else value}`."


def _sentence(text: str | None) -> str:
    return " ".join((text or "").replace("``", "`").split())


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
