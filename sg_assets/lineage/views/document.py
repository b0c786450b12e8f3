"""A comparison as plain data, for programs."""

import dataclasses
import json
from fractions import Fraction
from typing import Any

from pydantic import BaseModel

from sg_assets.lineage.why import Why


def as_json(why: Why) -> str:
    """Every value of a comparison. Shares of a change come exact, as a fraction, and as a number."""
    explanation = why.explanation
    told = _plain(why) | {"equal": explanation.equal, "causes": _plain(explanation.causes)}
    return json.dumps(told, indent=1, ensure_ascii=False)


def _plain(value: Any) -> Any:  # noqa: ANN401 - any value object to any plain data
    if isinstance(value, Fraction):
        return {"exact": str(value), "value": float(value)}
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if dataclasses.is_dataclass(value):
        return {one.name: _plain(getattr(value, one.name)) for one in dataclasses.fields(value)}
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {str(name): _plain(one) for name, one in value.items()}
    return value
