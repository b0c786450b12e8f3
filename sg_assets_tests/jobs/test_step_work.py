"""Kinds of step work: which function of a step each runs, and with what."""

import inspect
from pathlib import Path
from typing import Any, get_args

import pytest

from sg_assets.declarations.records.model import Generation
from sg_assets.jobs.step_work import AnswerAsBase, AnswerItems, AnswerUnscored, AnyStepWork, StepWork

SETTINGS = Generation(batch_size=2, max_new_tokens=4, max_prompt_tokens=8, dtype="float32", device="cpu", threads=1)
KINDS = get_args(get_args(AnyStepWork)[0])


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_has_a_field_for_each_argument_of_its_function(kind: type[StepWork]) -> None:
    arguments = set(inspect.signature(kind.function).parameters) - {"workspace"}
    given = set(kind.model_fields) - {"kind"} | ({"log", "run_id"} if kind.takes_log else set())
    assert given == arguments


@pytest.mark.parametrize(
    "work",
    [
        AnswerItems(query="SELECT 1", settings=SETTINGS, answers=Path("/answers")),
        AnswerAsBase(settings=SETTINGS, answers=Path("/answers"), memories=Path("/judged")),
        AnswerUnscored(settings=SETTINGS, answers=Path("/answers")),
    ],
)
def test_the_function_is_given_the_fields(work: StepWork, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[tuple[Any, dict[str, Any]]] = []

    def function(workspace: Any, **arguments: Any) -> None:
        calls.append((workspace, arguments))

    monkeypatch.setattr(type(work), "function", function)
    again = type(work).model_validate_json(work.model_dump_json())
    workspace: Any = object()
    again.run(workspace, print, "run")
    [(given, arguments)] = calls
    assert given is workspace
    assert arguments.pop("log") is print
    assert arguments.pop("run_id") == "run"
    assert arguments == {name: getattr(work, name) for name in type(work).model_fields if name != "kind"}
