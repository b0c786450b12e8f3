"""What an absent key of a record counts as: its neutral value."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel


@dataclass(frozen=True, eq=False)  # equal ones would be taken for each other by typing's cache: 1 for True
class Neutral:
    """Marks a field that was added to a record later: ``Annotated[int, Neutral(1)] = 4``.

    The value is what the code did before the field existed. Where a record has it, recipes leave the key out, so that
    adding the key moves no version. A default says what is done where nothing is declared and may change; a neutral
    value says what old versions were made with and never does (``sg_assets_tests/declarations/goldens/neutrals.yaml``).
    """

    value: Any


def neutrals(record: type[BaseModel]) -> dict[str, Any]:
    """The neutral values of a kind of record, by field: those of the fields that were added later."""
    marks = {name: [mark for mark in field.metadata if isinstance(mark, Neutral)] for name, field in _fields(record)}
    return {name: neutral[0].value for name, neutral in marks.items() if neutral}


def is_neutral(record: type[BaseModel], name: str, value: object) -> bool:
    """Whether a field, as plain data, has its neutral value; 1 is not true, and not 1.0."""
    known = neutrals(record)
    return name in known and _written(value) == _written(known[name])


def _fields(record: type[BaseModel]) -> Any:  # noqa: ANN401 - items of a mapping of pydantic's own
    return record.model_fields.items()


def _written(value: object) -> str:
    return json.dumps(value, sort_keys=True, default=_plain)


def _plain(value: object) -> object:
    """A neutral value that is a record itself, or a mapping of another type, as plain data."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    return dict(value) if isinstance(value, Mapping) else str(value)
