"""How the leaderboard's jobs end, and what is shown of their scores."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest

from sg_assets.leaderboard.scores import score_rows
from sg_assets.leaderboard.scores_step import JobCrashedError
from sg_assets.orchestration.assets import leaderboard
from sg_assets.orchestration.dagster_internals import DagsterPipesExecutionError
from sg_assets_tests.leaderboard.samples import SIX
from sg_assets_tests.leaderboard.test_scores import everything

ANY: Any = None


def test_a_job_that_died_is_told_apart_from_one_that_refused_its_input(monkeypatch: pytest.MonkeyPatch) -> None:
    def run_shared_job(*_: Any, **__: Any) -> None:
        raise DagsterPipesExecutionError("killed")

    monkeypatch.setattr(leaderboard, "run_shared_job", run_shared_job)
    with pytest.raises(JobCrashedError):
        leaderboard._start(ANY, ANY, ANY, SimpleNamespace(device="cpu", threads=1))  # type: ignore[arg-type]


def test_the_ui_shows_points_and_never_a_point_as_a_share(tmp_path: Path) -> None:
    score_rows(everything(), SIX).write_parquet(tmp_path / "scores.parquet")
    project: Any = SimpleNamespace(store=SimpleNamespace(path=lambda _: tmp_path / "scores.parquet"))
    shown = leaderboard._metadata(project, ANY)
    table = str(shown["tasks"].value).splitlines()
    assert [line.split(" | ")[0] for line in table[2:]] == [
        "| ifeval", "| bbh", "| math_hard", "| gpqa", "| musr", "| mmlu_pro", "| mean",
    ]  # fmt: skip
    assert table[5].startswith("| gpqa | 50.0 | ")
    assert table[5].endswith(" | 62.5% | 8 |")
    assert shown["leaderboard_mean"].value == pytest.approx(
        score_rows(everything(), SIX).filter(pl.col("slice") == "mean")["value"].item()
    )
