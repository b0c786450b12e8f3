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
    document = schema(kind)
    where = ", ".join(f"`{pattern}`" for pattern in kind.files)
    listed = "" if kind.listed is None else f" A list under `{kind.listed}`; of each entry:"
    yield f"## {kind.name.replace('_', ' ').capitalize()}\n\n{_sentence(kind.record.__doc__)} In {where}.{listed}\n"
    record = document if kind.listed is None else document["properties"][kind.listed]["items"]
    yield from _table(record)
    names = [name for name in document["$defs"] if "properties" in document["$defs"][name]]
    for name in names:
        definition = document["$defs"][name]
        yield f"### {name}\n\n{_sentence(definition.get('description'))}\n"
        yield from _table(definition)


def _table(record: dict[str, Any]) -> Iterator[str]:
    required = record.get("required", [])
    yield "| key | value | |\n|---|---|---|"
    for name, key in record["properties"].items():
        cells = ["**needed.**" if name in required else "", _cell(key.get("description", "")), _default(key)]
        yield f"| `{name}` | {_type(key)} | {' '.join(cell for cell in cells if cell)} |"
    yield ""


def _type(key_schema: dict[str, Any]) -> str:
    if "$ref" in key_schema:
        return str(key_schema["$ref"]).rpartition("/")[2]
    if "enum" in key_schema or "const" in key_schema:
        return " or ".join(f"`{_literal(value)}`" for value in key_schema.get("enum", [key_schema.get("const")]))
    options = key_schema.get("anyOf") or key_schema.get("oneOf")
    if options:
        return " or ".join(_type(option) for option in options if option.get("type") != "null")
    if key_schema.get("type") == "array":
        items = key_schema.get("items") or {}
        return f"list of {_type(items)}" if items else "list"
    if isinstance(key_schema.get("additionalProperties"), dict):
        return f"name: {_type(key_schema['additionalProperties'])}"
    bounds = [f"{sign} {key_schema[key]}" for key, sign in _BOUNDS.items() if key in key_schema]
    return " ".join([{"integer": "whole number", "string": "text", "boolean": "true or false"}.get(
        str(key_schema.get("type")), str(key_schema.get("type", "any"))), *bounds])  # fmt: skip


_BOUNDS = {"minimum": "≥", "exclusiveMinimum": ">", "maximum": "≤", "exclusiveMaximum": "<"}


def _default(key_schema: dict[str, Any]) -> str:
    value = key_schema.get("default")
    if not isinstance(value, bool | int | float | str):
        return ""
    return f"Default: `{str(value).lower() if isinstance(value, bool) else value}`."


def _sentence(text: str | None) -> str:
    return " ".join((text or "").replace("``", "`").split())


def _literal(value: object) -> str:
    """A value of a cell, with control characters as escapes."""
    return _cell(str(value).encode("unicode_escape").decode("ascii"))


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
