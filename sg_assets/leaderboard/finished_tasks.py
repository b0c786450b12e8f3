"""The results of finished leaderboard tasks, as tables."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

from sg_assets.declarations.records.leaderboard import LeaderboardTask
from sg_assets.errors import SgAssetsError
from sg_assets.leaderboard.job import FACTS, ITEMS
from sg_assets.leaderboard.local_tasks import local_tasks
from sg_assets.leaderboard.normalisation import PUBLISHED, Task
from sg_assets.training.checkpoints import is_complete


def finished_items(kept: Path, names: Sequence[LeaderboardTask]) -> pl.DataFrame:
    """The items of every task.

    Raises:
        SgAssetsError: a task is missing or incomplete.
    """
    missing = [name for name in names if not is_complete(kept / name)]
    if missing:
        raise SgAssetsError(f"tasks without a result: {', '.join(missing)}", remedy="Run the step again")
    return pl.concat(pl.read_parquet(kept / name / ITEMS) for name in names)


def finished_facts(kept: Path, names: Sequence[LeaderboardTask]) -> dict[str, Any]:
    """The facts of each task's evaluation: versions, shots, data sets, documents, seconds."""
    return {name: json.loads((kept / name / FACTS).read_text(encoding="utf-8")) for name in names}


def leaderboard_tasks(names: Sequence[LeaderboardTask], generated: Path | None) -> list[Task]:
    """The tasks by name; ``generated`` is the table of generated items, None for lm-eval's own."""
    tasks = PUBLISHED if generated is None else local_tasks(pl.read_parquet(generated))
    return [tasks[name] for name in names]
