"""Schemas of the YAML files, and the reference."""

import json
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from sg_assets.declarations.schemas import KINDS, Kind, schema
from sg_assets_tests.paths import PROJECT

BY_NAME = {kind.name: kind for kind in KINDS}
VARIANT = {"description": "x", "method": "kto", "parent": "base", "mix": "balanced", "rank": 8}

NOT_SHIPPED = {"dataset"}
"""Kinds of files that the shipped project has none of: all of its texts are generated."""


def errors(kind: Kind, content: Any) -> list[str]:
    return [error.message for error in Draft202012Validator(schema(kind)).iter_errors(content)]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_shipped_file_fits_its_schema(kind: Kind) -> None:
    files = [path for pattern in kind.files for path in PROJECT.glob(pattern)]
    assert bool(files) == (kind.name not in NOT_SHIPPED)
    for path in files:
        assert errors(kind, yaml.safe_load(path.read_text())) == [], path


def test_every_yaml_file_has_a_schema() -> None:
    known = {path for kind in KINDS for pattern in kind.files for path in PROJECT.glob(pattern)}
    assert set(PROJECT.glob("models/**/*.yaml")) == known


@pytest.mark.parametrize(("edit", "message"), [
    ({"rnak": 8}, "rnak"), ({"method": "ppo"}, "ppo"), ({"rank": 0}, "0 is not valid"), ({"name": "x"}, "name"),
    ({"training": {"beta": "high"}}, "high"),
])  # fmt: skip
def test_a_wrong_variant_does_not_fit(edit: dict[str, Any], message: str) -> None:
    assert errors(BY_NAME["variant"], VARIANT) == []
    assert message in " ".join(errors(BY_NAME["variant"], {**VARIANT, **edit}))


def test_fields_are_described_by_the_docstring_under_them() -> None:
    document = schema(BY_NAME["variant"])["properties"]
    assert document["rank"]["description"].startswith("Declared LoRA rank (alpha = rank)")


def test_a_schema_names_no_definition_that_it_lacks() -> None:
    for kind in KINDS:
        document = schema(kind)
        used = {part.split('"')[0] for part in json.dumps(document).split("#/$defs/")[1:]}
        assert used <= document["$defs"].keys()
