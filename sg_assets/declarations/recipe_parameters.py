"""What of a declared record decides a result and stands in recipes, and what does not.

Two things are left out of recipes: **facts of a run**, which say how or where work ran and not what comes out (they are
recorded by the run: in sessions of answers and as machines), and keys that have their neutral value (`Neutral`).
"""

from collections.abc import Mapping
from typing import Any, Final, TypeVar

from pydantic import BaseModel

from sg_assets.declarations.neutral_values import is_neutral, neutrals
from sg_assets.declarations.records.dataset import DatasetColumn
from sg_assets.declarations.records.embedder import TorchOptions
from sg_assets.declarations.records.leaderboard import Leaderboard
from sg_assets.declarations.records.model import Generation
from sg_assets.declarations.records.model_files import FileSource
from sg_assets.declarations.records.training import TrainingOptions
from sg_assets.declarations.records.variant import Variant

_WHERE: Final = "Where it ran: recorded as the machine, so that laptop to GPU makes nothing out of date."

FACTS: Final[Mapping[type[BaseModel], Mapping[str, str]]] = {
    TorchOptions: {
        "parity": "A guard: it refuses, and changes no number.",
        "batch_size": "The batch moves the last kept digit of a score at most.",
        "device": _WHERE,
        "threads": "As for answers: recorded with the machine.",
    },
    Generation: {
        "batch_size": "Greedy text does not depend on the batch in float32; the session of the answers records it.",
        "device": _WHERE,
        "threads": "How many threads answer moves last digits alone, as the device does: recorded with the machine.",
        "probe": "Which loaded models are refused; the answers of the others are the same.",
    },
    Variant: {
        "member": "Where in which file it is declared: what it is trained with stands in its other keys.",
    },
    TrainingOptions: {
        "device": _WHERE,
        "save_steps": "How often progress is kept moves no result, only what a killed run has to do again.",
    },
    FileSource: {
        "path": "Where a folder lies on this machine: its files stand in the recipe by name, size and digest."
    },
    DatasetColumn: {
        "description": "What is said of a column; its values are the same.",
    },
    Leaderboard: {
        "device": _WHERE,
        "threads": "As for answers: recorded with the machine.",
        "moved_by": "What move of a score is told; the score is the same.",
    },
}
"""Fields that stand in no recipe, by record, with the reason.

Training threads are no fact: results are byte-identical for one number of threads, and another gives another adapter.
Nor are training batch sizes, which are hyper-parameters, nor the leaderboard's batch size: its choices are the greater
of two log-likelihoods, whose last digits come from padded batches, and nothing records the batch item by item.
"""

FACT_NAMES: Final = frozenset(name for fields in FACTS.values() for name in fields)
"""The names of all facts: recipes of earlier versions hold some of them."""

_Record = TypeVar("_Record", bound=BaseModel)


def recipe_parameters(record: BaseModel, declared_as: type[BaseModel] | None = None) -> dict[str, Any]:
    """The part of a record that decides a result, as plain data: what stands in recipes.

    Args:
        record: As declared, or as the work is told.
        declared_as: The declared record whose facts count, where the record is no declaration itself.
    """
    facts = facts_of(declared_as or type(record))
    return {
        name: _deciding(getattr(record, name), plain)
        for name, plain in record.model_dump(mode="json").items()
        if name not in facts and not is_neutral(type(record), name, plain)
    }


def application_parameters(generation: Generation) -> dict[str, Any]:
    """How adapters are applied, for recipes of steps that read nothing else of how prompts are answered."""
    return {name: value for name, value in recipe_parameters(generation).items() if name == "adapter"}


def facts_of(record: type[BaseModel]) -> Mapping[str, str]:
    """The facts of a run among a record's fields, those of the records it is derived from included."""
    return {name: reason for kind in record.__mro__ for name, reason in FACTS.get(kind, {}).items()}


def _deciding(value: object, plain: Any) -> Any:  # noqa: ANN401 - plain data
    """Plain data of a value, with the records in it as recipes hold them."""
    if isinstance(value, BaseModel):
        return recipe_parameters(value)
    if isinstance(value, tuple | list):
        return [_deciding(entry, plain_entry) for entry, plain_entry in zip(value, plain, strict=True)]
    if isinstance(value, Mapping):
        return {name: _deciding(entry, plain[str(name)]) for name, entry in value.items()}
    return plain


def deciding_of(recorded: Mapping[str, Any], today: Mapping[str, Any]) -> dict[str, Any]:
    """The recorded parameters of a version without facts of the run, which recipes of before format 3 held.

    Args:
        recorded: The version's.
        today: The parameters of the recipe it would be made by now: what stands there counts on both sides.
    """
    return {name: value for name, value in recorded.items() if name in today or name not in FACT_NAMES}


def with_recorded(today: _Record, recorded: Mapping[str, Any]) -> _Record:
    """A record as it was when a version was made.

    Args:
        today: As it is declared now. Facts of a run are taken from it: the version is made again here.
        recorded: The version's parameters, or the part of them that came from such a record. A key that is not there
            had its neutral value, where it has one.
    """
    kind = type(today)
    facts, known = facts_of(kind), neutrals(kind)
    values = {name: getattr(today, name) for name in kind.model_fields}
    for name in kind.model_fields:
        if name in facts:
            continue
        if name in recorded:
            now, then = values[name], recorded[name]
            nested = isinstance(now, BaseModel) and isinstance(then, Mapping)
            values[name] = with_recorded(now, then) if nested else then
        elif name in known:
            values[name] = known[name]
    return kind.model_validate(values)
