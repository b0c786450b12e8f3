"""Which jobs the step of the leaderboard starts."""

from pathlib import Path
from typing import Any

import pytest

from sg_assets.declarations.records.leaderboard import Leaderboard
from sg_assets.errors import SgAssetsError
from sg_assets.leaderboard import scores_step as scoring
from sg_assets.leaderboard.scores_step import JobCrashedError, evaluate_tasks
from sg_assets_tests.declarations.records.test_leaderboard import DECLARED

ANY: Any = None


def evaluate(**declared: Any) -> list[tuple[str, ...]]:
    """The tasks of every job that was started; BBH's refuses its input, GPQA's dies."""
    started: list[tuple[str, ...]] = []
    evaluate_into(started, **declared)
    return started


def evaluate_into(started: list[tuple[str, ...]], **declared: Any) -> None:
    def start(names: Any) -> None:
        started.append(names)
        if names == ("bbh",):
            raise SgAssetsError("task 'bbh' failed: ValueError: no")
        if names == ("gpqa",):
            raise JobCrashedError

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(scoring, "leaderboard_spec", lambda *specs: specs[-1])
        evaluate_tasks(ANY, Leaderboard.model_validate(DECLARED | declared), ANY, Path(), start)


def test_each_published_task_has_a_process_of_its_own() -> None:
    assert evaluate(tasks=["ifeval", "musr"]) == [("ifeval",), ("musr",)]


def test_generated_tasks_share_one() -> None:
    assert evaluate(source="generated", limit=2, tasks=["ifeval", "musr"]) == [("ifeval", "musr")]


def test_tasks_that_fail_are_named_after_all_others_ran() -> None:
    started: list[tuple[str, ...]] = []
    with pytest.raises(SgAssetsError, match="task 'bbh' failed: ValueError: no; gpqa: the process crashed"):
        evaluate_into(started, tasks=["bbh", "gpqa", "musr"])
    assert started == [("bbh",), ("gpqa",), ("musr",)]
