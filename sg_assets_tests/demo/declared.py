"""The declarations the demo ships, read plainly: these tests are not about how declarations are read."""

from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import yaml

_MODELS = Path(__file__).parents[2] / "models"


@cache
def declared(kind: str) -> list[dict[str, Any]]:
    content: dict[str, list[dict[str, Any]]] = yaml.safe_load((_MODELS / f"{kind}.yaml").read_text(encoding="utf-8"))
    return content[kind]


def templates() -> pl.DataFrame:
    return pl.DataFrame(declared("templates")).rename({"id": "template_id", "text": "template"})


def refusals() -> list[str]:
    return [shot["answer"] for shot in declared("few_shots")]
