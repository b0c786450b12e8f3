"""What of a record stands in recipes: neither facts of a run nor neutral values."""

import inspect
import json
import pkgutil
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Annotated, Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field, TypeAdapter, create_model

from sg_assets.declarations import records
from sg_assets.declarations.neutral_values import Neutral, is_neutral, neutrals
from sg_assets.declarations.recipe_parameters import (
    FACT_NAMES,
    FACTS,
    deciding_of,
    recipe_parameters,
    with_recorded,
)
from sg_assets.declarations.records.base import Record
from sg_assets.declarations.records.data import Labelling
from sg_assets.declarations.records.leaderboard import Leaderboard
from sg_assets.declarations.records.model import Generation
from sg_assets.declarations.records.training import TrainingOptions
from sg_assets.demo import chat_model_spec
from sg_assets.leaderboard import spec as leaderboard_spec
from sg_assets.store.fingerprints import json_digest
from sg_assets.training import spec as training_spec
from sg_assets.training.spec import TrainingSettings

GOLDEN = Path(__file__).parent / "goldens" / "neutrals.yaml"
MODULES: list[ModuleType] = [
    *(import_module(f"{records.__name__}.{module.name}") for module in pkgutil.iter_modules(records.__path__)),
    training_spec,
    chat_model_spec,
    leaderboard_spec,
]

GENERATION = Generation(
    batch_size=8, max_new_tokens=48, max_prompt_tokens=200, dtype="float32", device="cpu", threads=1
)  # fmt: skip
SETTINGS = TrainingSettings(
    rank=8, learning_rate=0.001, epochs=1, batch_size=4, gradient_accumulation=1, max_length=128, warmup_ratio=0.1,
    lr_scheduler="cosine", weight_decay=0.0, target_modules=("q_proj",), dtype="float32",
    gradient_checkpointing=False, threads=1, seed=0, device="cpu", logging_steps=1,
)  # fmt: skip
BOARD = Leaderboard(
    source="generated", limit=4, apply_chat_template=True, fewshot_as_multiturn=True, batch_size=8, dtype="float32",
    device="cpu", threads=1, moved_by=1.0,
)  # fmt: skip


class Added(Record):
    """A record with a key that came later: before it, the code did 1."""

    size: int = 3
    later: Annotated[int, Neutral(1)] = 4


class Nested(Record):
    name: str = "n"
    added: Added = Added()
    several: tuple[Added, ...] = ()
    named: dict[str, Added] = Field(default_factory=dict)


def digest(record: BaseModel, declared_as: type[BaseModel] | None = None) -> str:
    return json_digest(recipe_parameters(record, declared_as))


def record_classes() -> dict[str, type[BaseModel]]:
    classes = (record for module in MODULES for _, record in inspect.getmembers(module, inspect.isclass))
    return {record.__name__: record for record in classes if issubclass(record, BaseModel)}


@pytest.mark.parametrize("change", [{"batch_size": 64}, {"device": "cuda"}, {"threads": 9}, {"threads": None}])
def test_where_and_in_which_batches_answers_are_made_is_a_fact(change: dict[str, Any]) -> None:
    assert digest(GENERATION.model_copy(update=change)) == digest(GENERATION)


@pytest.mark.parametrize("change", [{"max_new_tokens": 49}, {"dtype": "bfloat16"}, {"max_prompt_tokens": 9}])
def test_how_answers_are_decoded_is_a_parameter(change: dict[str, Any]) -> None:
    assert digest(GENERATION.model_copy(update=change)) != digest(GENERATION)


def test_the_device_of_a_training_is_a_fact() -> None:
    moved = SETTINGS.model_copy(update={"device": "cuda"})
    assert digest(moved, TrainingOptions) == digest(SETTINGS, TrainingOptions)


@pytest.mark.parametrize("change", [{"threads": 2}, {"batch_size": 8}, {"gradient_accumulation": 2}, {"seed": 1}])
def test_threads_and_batches_of_a_training_are_parameters(change: dict[str, Any]) -> None:
    assert digest(SETTINGS.model_copy(update=change), TrainingOptions) != digest(SETTINGS, TrainingOptions)


@pytest.mark.parametrize("change", [{"device": "cuda"}, {"threads": 4}, {"moved_by": 2.0}])
def test_where_the_leaderboard_runs_and_what_is_told_of_it_are_facts(change: dict[str, Any]) -> None:
    assert digest(BOARD.model_copy(update=change)) == digest(BOARD)


@pytest.mark.parametrize("change", [{"batch_size": 16}, {"limit": 5}, {"dtype": "bfloat16"}])
def test_batches_of_the_leaderboard_are_a_parameter(change: dict[str, Any]) -> None:
    assert digest(BOARD.model_copy(update=change)) != digest(BOARD)


def test_every_fact_is_a_field_and_has_a_reason() -> None:
    for record, fields in FACTS.items():
        for name, reason in fields.items():
            assert name in record.model_fields
            assert reason.endswith(".")
            assert name in FACT_NAMES


def test_a_record_without_facts_or_neutral_values_stands_there_whole() -> None:
    labelling = Labelling(safe_at_most=0.2, unsafe_at_least=0.8, min_texts=3)
    assert recipe_parameters(labelling) == labelling.model_dump(mode="json")


def test_a_neutral_value_is_left_out_whatever_the_default_is() -> None:
    assert recipe_parameters(Added(later=1)) == {"size": 3}
    assert recipe_parameters(Added()) == {"size": 3, "later": 4}


def test_a_neutral_value_is_left_out_of_records_inside_records() -> None:
    inner = Added(later=1)
    parameters = recipe_parameters(Nested(added=inner, several=(inner, Added()), named={"a": inner}))
    bare, full = {"size": 3}, {"size": 3, "later": 4}
    assert parameters == {"name": "n", "added": bare, "several": [bare, full], "named": {"a": bare}}


PLAIN = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
VALUES = PLAIN | st.lists(PLAIN, max_size=3).map(tuple) | st.dictionaries(st.text(), PLAIN, max_size=3)


@pytest.mark.parametrize(("record", "declared_as"), [(GENERATION, None), (SETTINGS, TrainingOptions)])
@given(neutral=VALUES, default=VALUES)
def test_a_new_key_with_its_neutral_value_moves_no_digest_and_a_changed_default_does(
    record: BaseModel, declared_as: type[BaseModel] | None, neutral: Any, default: Any
) -> None:
    kind = create_model("Later", __base__=type(record), key=(Annotated[Any, Neutral(neutral)], default))
    before = digest(record, declared_as)
    assert digest(kind(**record.model_dump(), key=neutral), declared_as) == before
    by_default = digest(kind(**record.model_dump()), declared_as)
    assert (by_default == before) == is_neutral(kind, "key", default)


def test_a_version_made_before_a_key_existed_had_its_neutral_value() -> None:
    assert with_recorded(Added(size=9, later=7), {"size": 5}) == Added(size=5, later=1)
    assert with_recorded(Added(size=9, later=7), {"size": 5, "later": 2}) == Added(size=5, later=2)


def test_records_inside_records_had_them_too() -> None:
    assert with_recorded(Nested(added=Added(later=7)), {"name": "o", "added": {"size": 5}}).added == Added(
        size=5, later=1
    )


def test_facts_of_a_run_are_todays_whatever_was_recorded() -> None:
    generation = with_recorded(GENERATION, {"max_new_tokens": 7, "device": "cuda", "batch_size": 1})
    assert (generation.max_new_tokens, generation.device, generation.batch_size) == (7, "cpu", 8)


def test_neutral_values_never_change() -> None:
    """Add a line for a new key. A line that is there is never edited: old versions were made with that value."""
    declared = {name: known for name, record in record_classes().items() if (known := neutrals(record))}
    plain = json.loads(json.dumps(declared))
    assert plain == (yaml.safe_load(GOLDEN.read_text(encoding="utf-8")) or {})


def test_neutral_values_are_values_of_their_fields() -> None:
    every: list[type[BaseModel]] = [*record_classes().values(), Added]
    for record in every:
        for name, value in neutrals(record).items():
            kind: Any = record.model_fields[name].annotation
            assert TypeAdapter(kind).validate_python(value, strict=True) == value


def test_facts_that_older_recipes_held_are_no_deciding_values() -> None:
    recorded = {"batch_size": 32, "device": "cpu", "max_new_tokens": 40}
    assert deciding_of(recorded, {"max_new_tokens": 40}) == {"max_new_tokens": 40}


def test_a_name_of_a_fact_that_decides_elsewhere_counts_there() -> None:
    """A training's batch size is a hyper-parameter."""
    assert deciding_of({"batch_size": 8}, {"batch_size": 16}) == {"batch_size": 8}
