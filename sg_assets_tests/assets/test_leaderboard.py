"""How the leaderboard's jobs are started, and what is shown of their scores."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest
from dagster._core.errors import DagsterPipesExecutionError

from sg_assets.assets import leaderboard
from sg_assets.declarations.records import Leaderboard
from sg_assets.errors import SgAssetsError
from sg_assets.leaderboard.scores import score_rows
from sg_assets_tests.declarations.test_leaderboard import DECLARED
from sg_assets_tests.leaderboard.samples import SIX
from sg_assets_tests.leaderboard.test_scores import everything

ANY: Any = None


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """The tasks of every job that was started; BBH's refuses its input, GPQA's dies."""
    found: list[tuple[str, ...]] = []

    def run_job(context: Any, workspace: Any, module: str, names: tuple[str, ...]) -> None:
        found.append(names)
        if names == ("bbh",):
            raise SgAssetsError("task 'bbh' failed: ValueError: no")
        if names == ("gpqa",):
            raise DagsterPipesExecutionError("killed")

    monkeypatch.setattr(leaderboard, "run_job", run_job)
    monkeypatch.setattr(leaderboard, "leaderboard_spec", lambda *_, names: names)
    return found


def evaluate(**declared: Any) -> None:
    leaderboard._evaluate(ANY, Leaderboard.model_validate(DECLARED | declared), ANY, ANY, Path())


def test_each_published_task_has_a_process_of_its_own(started: list[tuple[str, ...]]) -> None:
    evaluate(tasks=["ifeval", "musr"])
    assert started == [("ifeval",), ("musr",)]


def test_generated_tasks_share_one(started: list[tuple[str, ...]]) -> None:
    evaluate(source="generated", limit=2, tasks=["ifeval", "musr"])
    assert started == [("ifeval", "musr")]


def test_tasks_that_fail_are_named_after_all_others_ran(started: list[tuple[str, ...]]) -> None:
    with pytest.raises(SgAssetsError, match="task 'bbh' failed: ValueError: no; gpqa: the process ended"):
        evaluate(tasks=["bbh", "gpqa", "musr"])
    assert started == [("bbh",), ("gpqa",), ("musr",)]


def test_the_ui_shows_points_and_never_a_point_as_a_share(tmp_path: Path) -> None:
    score_rows(everything(), SIX).write_parquet(tmp_path / "scores.parquet")
    project: Any = SimpleNamespace(store=SimpleNamespace(path=lambda _: tmp_path / "scores.parquet"))
    shown = leaderboard._pictures(project, ANY)
    table = str(shown["tasks"].value).splitlines()
    assert [line.split(" | ")[0] for line in table[2:]] == [
        "| ifeval", "| bbh", "| math_hard", "| gpqa", "| musr", "| mmlu_pro", "| mean",
    ]  # fmt: skip
    assert table[5].startswith("| gpqa | 50.0 | ")
    assert table[5].endswith(" | 62.5% | 8 |")
    assert shown["leaderboard_mean"].value == pytest.approx(
        score_rows(everything(), SIX).filter(pl.col("slice") == "mean")["value"].item()
    )
