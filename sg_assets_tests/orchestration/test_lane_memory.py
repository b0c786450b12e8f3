"""No step's own process loads a model: what does is handed to a job, which ends."""

import ast
import importlib
import inspect
from collections.abc import Iterator

import pytest

from sg_assets.generation.benchmark_responses import answer_items
from sg_assets.store.step_code import code_of
from sg_assets.training.job import main as train
from sg_assets_tests.orchestration.test_wiring import MODULES, PACKAGE, own_nodes, reached

pytestmark = pytest.mark.slow
HEAVY = {"torch", "transformers", "peft", "trl", "accelerate", "datasets", "lm_eval", "lm-eval"}

_BY_JOBS = "reaches the code of scoring jobs, which it hands texts to and reads scores from"
_FILES = "lists or converts files; torch runs in a process of its own"
NO_MODELS = {
    **dict.fromkeys(
        (
            "score_unscored",
            "prepared_scores",
            "fit_embedding_head",
            "embed_compared",
            "judge_answers_by_kind",
            "align_judges",
        ),
        _BY_JOBS,
    ),
    **dict.fromkeys(("write_own_embedder", "pin_model", "write_head", "write_classifier"), _FILES),
    "pin_chat_model": "renders chats by the model's tokenizer",
    "import_adapter": "compares shapes with those of the chat model, without its weights",
}
"""Functions that reach these libraries and load no weights into the step's process, with the reason."""


def called() -> Iterator[tuple[str, object]]:
    """The functions of work modules that step work in asset modules calls itself, with where it does."""
    for wired in reached().values():
        if wired.name.endswith(".lambda"):
            continue  # says what would be asked, by digests: a model is loaded when it is asked
        path = MODULES[wired.name.split(".")[0]].relative_to(PACKAGE.parent).with_suffix("")
        module = importlib.import_module(".".join(path.parts))
        for node in own_nodes(wired.node):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                function = vars(module).get(node.func.id)
                owner = str(getattr(function, "__module__", ""))
                if inspect.isfunction(function) and owner.startswith("sg_assets.") and ".orchestration." not in owner:
                    yield f"{wired.name}: {node.func.id}", function


def loads(function: object) -> set[str]:
    """The libraries of models that a function reaches."""
    return HEAVY & set(code_of([function]).libraries)  # type: ignore[list-item]


def test_what_loads_models_is_known() -> None:
    assert "torch" in loads(answer_items)
    assert "torch" in loads(train)


def test_no_step_loads_a_model_itself() -> None:
    calls = dict(called())
    assert any("fit_judge" in name for name in calls)
    loading = {name.rpartition(" ")[2]: loads(function) for name, function in calls.items() if loads(function)}
    assert loading.keys() - NO_MODELS.keys() == set()
