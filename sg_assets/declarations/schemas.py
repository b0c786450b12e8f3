"""JSON Schemas of the YAML files, from the records they are read into: editors complete and check by them.

A field's description is the docstring under it, which pydantic leaves out by default; reading sources for it at every
import would cost every start what only this needs.
"""

import ast
import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel

from sg_assets.declarations.records.alerts import Alerts
from sg_assets.declarations.records.base import Record
from sg_assets.declarations.records.benchmark import Benchmark, Comparison
from sg_assets.declarations.records.dataset import Dataset
from sg_assets.declarations.records.expectations import Rule
from sg_assets.declarations.records.figures import DeclaredFigure, Published
from sg_assets.declarations.records.judge import JudgeDeclaration
from sg_assets.declarations.records.mix import Mix
from sg_assets.declarations.records.profile import Profile
from sg_assets.declarations.records.template import FewShot, LexiconEntry, Template
from sg_assets.declarations.records.variant import Variant

FOLDER: Final = "docs/schemas"
_PACKAGE: Final = "sg_assets."
LINE: Final = "# yaml-language-server: $schema="
"""Begins the line by which an editor finds a file's schema."""


@dataclass(frozen=True)
class Kind:
    """One kind of YAML file."""

    name: str
    """Of its schema: ``docs/schemas/<name>.json``."""
    files: tuple[str, ...]
    """Globs below the project's folder."""
    record: type[Record]
    listed: str | None = None
    """The key that lists the records; None where the file is one record, whose name is the file's."""


KINDS: Final = (
    Kind("profile", ("models/profiles/*.yaml",), Profile),
    Kind("variant", ("models/variants/*.yaml",), Variant),
    Kind("mix", ("models/mixes/*.yaml",), Mix),
    Kind("judge", ("models/judges/*.yaml",), JudgeDeclaration),
    Kind("benchmark", ("models/benchmarks/*.yaml",), Benchmark),
    Kind("dataset", ("models/datasets/*.yaml",), Dataset),
    Kind("published", ("models/published/*.yaml",), Published),
    Kind("alerts", ("models/alerts.yaml",), Alerts),
    Kind("expectations", ("models/expectations/*.yaml", "models/expectations/*/*.yaml"), Rule, "expectations"),
    Kind("templates", ("models/templates.yaml",), Template, "templates"),
    Kind("few_shots", ("models/few_shots.yaml",), FewShot, "few_shots"),
    Kind("lexicon", ("models/lexicon.yaml",), LexiconEntry, "lexicon"),
    Kind("comparisons", ("models/comparisons.yaml",), Comparison, "comparisons"),
    Kind("figures", ("models/figures.yaml",), DeclaredFigure, "figures"),
)


def schema(kind: Kind) -> dict[str, Any]:
    """The JSON Schema of a kind of file."""
    generated = kind.record.model_json_schema()
    definitions = generated.pop("$defs", {})
    own = _described(kind.record, _without_name(generated))
    written = {name: record for name, record in _records(kind.record).items() if name in definitions}
    known = {name: _described(record, definitions[name]) for name, record in written.items()}
    root = own if kind.listed is None else _list(kind, own)
    if kind.record is Alerts:
        root = _by_profile(root)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **root, "$defs": {**definitions, **known}}


def line_of(path: Path, root: Path, kind: Kind) -> str:
    """The first line of a YAML file, by which editors find its schema."""
    up = "../" * (len(path.relative_to(root).parts) - 1)
    return f"{LINE}{up}{FOLDER}/{kind.name}.json"


def _without_name(generated: dict[str, Any]) -> dict[str, Any]:
    """A file's name is its record's; nothing in it says so again."""
    if "name" not in generated["properties"]:
        return generated
    properties = {name: property_ for name, property_ in generated["properties"].items() if name != "name"}
    required = [key for key in generated.get("required", []) if key != "name"]
    return generated | {"properties": properties, "required": required}


def _list(kind: Kind, item: dict[str, Any]) -> dict[str, Any]:
    items = {"type": "array", "items": item, "minItems": 1}
    return {
        "type": "object",
        "title": kind.name,
        "properties": {str(kind.listed): items},
        "required": [kind.listed],
        "additionalProperties": False,
    }


def _by_profile(root: dict[str, Any]) -> dict[str, Any]:
    """What stands under ``profiles`` replaces the same keys for one of them."""
    own = {key: value for key, value in root.items() if key != "required"}
    each = {"type": "object", "additionalProperties": own, "description": "The same keys, for one profile alone."}
    return root | {"properties": {**root["properties"], "profiles": each}}


def _described(record: type[BaseModel], generated: dict[str, Any]) -> dict[str, Any]:
    descriptions = docstrings(record)
    properties = {
        name: property_ | ({"description": descriptions[name]} if name in descriptions else {})
        for name, property_ in generated.get("properties", {}).items()
    }
    return generated | {"properties": properties} if properties else generated


def _records(record: type[BaseModel]) -> dict[str, type[BaseModel]]:
    """The records that a record is made of, by name."""
    records: dict[str, type[BaseModel]] = {}
    waiting: list[Any] = [record]
    while waiting:
        annotation = waiting.pop()
        if inspect.isclass(annotation) and issubclass(annotation, BaseModel):
            if annotation is not record and annotation.__name__ not in records:
                records[annotation.__name__] = annotation
            elif annotation is not record:
                continue
            waiting += [field.annotation for field in annotation.model_fields.values()]
        else:
            waiting += getattr(annotation, "__args__", ())
    return records


def docstrings(record: type[BaseModel]) -> Mapping[str, str]:
    """The docstring under each field of a record, inherited ones too, on one line, as plain text."""
    inherited: dict[str, str] = {}
    for parent in record.__bases__:
        if issubclass(parent, BaseModel) and parent.__module__.startswith(_PACKAGE):
            inherited.update(docstrings(parent))
    return {**inherited, **_own_docstrings(record)}


def _own_docstrings(record: type[BaseModel]) -> Mapping[str, str]:
    body = ast.parse(inspect.getsource(record)).body[0]
    statements = body.body if isinstance(body, ast.ClassDef) else []
    return {
        field.target.id: " ".join(text.value.value.replace("``", "`").split())
        for field, text in pairwise(statements)
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
        and isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant) and isinstance(text.value.value, str)
    }  # fmt: skip
