"""What finished leaderboard jobs left, as tables."""

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
from sg_assets.training.checkpoints import is_whole


def kept_items(kept: Path, names: Sequence[LeaderboardTask]) -> pl.DataFrame:
    """The items of every task.

    Raises:
        SgAssetsError: a task is not there, or not whole.
    """
    missing = [name for name in names if not is_whole(kept / name)]
    if missing:
        raise SgAssetsError(f"tasks without a result: {', '.join(missing)}", remedy="Run it again")
    return pl.concat(pl.read_parquet(kept / name / ITEMS) for name in names)


def kept_facts(kept: Path, names: Sequence[LeaderboardTask]) -> dict[str, Any]:
    """By task what it was made with: versions, shots, data sets, documents, seconds."""
    return {name: json.loads((kept / name / FACTS).read_text(encoding="utf-8")) for name in names}


def tasks_of(names: Sequence[LeaderboardTask], generated: Path | None) -> list[Task]:
    """The tasks; ``generated`` is the table their items were drawn from, if lm-eval's own were not."""
    tasks = PUBLISHED if generated is None else local_tasks(pl.read_parquet(generated))
    return [tasks[name] for name in names]
