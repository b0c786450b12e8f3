"""From items to scores: raw and normalised by subtask and task, and the mean of the six tasks."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import polars as pl

from sg_assets.leaderboard.items import RAW
from sg_assets.leaderboard.normalisation import MEAN, TASK_NAMES, Task, average, normalised, task_score
from sg_assets.statistics.rates import estimate

NORMALISED = "normalised"
"""The metric on the published scale, 0 to 100; every other metric here is a share."""
COMBINED = "from its parts' intervals, taken as independent"
"""Method of the interval of a mean of subtasks or tasks; each part has an interval of its own method."""
NOT_COMBINED = "no interval: a part has none"

Row = dict[str, Any]


def score_rows(items: pl.DataFrame, tasks: Sequence[Task], level: float = 0.95) -> pl.DataFrame:
    """Every score the items give.

    Args:
        items: rows of ``item_rows``, of all ``tasks``.
        tasks: The tasks; the mean is included if these are the six.
        level: confidence level, a share.

    Returns:
        metric (``raw``: a share; ``normalised``: 0 to 100), slice (a subtask, a task, or ``mean``), value, n, clusters,
        se, low, high, level, method. The raw share of a task is over the items of all its subtasks.

    Raises:
        SgAssetsError: bad items (see ``statistics.items``), or a subtask of a task has none.
    """
    estimates = estimate(items, level)
    raw = {row["slice"]: row for row in estimates.filter(pl.col("metric") == RAW).to_dicts()}
    rows = [row for task in tasks for row in _of_task(task, raw)]
    by_slice = {row["slice"]: row for row in rows}
    if {task.name for task in tasks} == set(TASK_NAMES):
        six = {name: by_slice[name] for name in TASK_NAMES}
        rows.append(_combined(MEAN, average({name: row["value"] for name, row in six.items()}), list(six.values())))
    return pl.concat([estimates, pl.DataFrame(rows, schema=estimates.schema)])


def _of_task(task: Task, raw: Mapping[str, Row]) -> list[Row]:
    shares = {name: raw[name]["value"] for name in task.lower if name in raw}
    value = task_score(task, shares, raw[task.name]["value"] if task.name in raw else math.nan)
    parts = [_scaled(raw[name], lower) for name, lower in task.lower.items()]
    whole = _combined(task.name, value, parts) if task.by_subtask else _scaled(raw[task.name], task.pooled_lower)
    return [part for part in parts if part["slice"] != task.name] + [whole]


def _scaled(raw: Row, lower: float) -> Row:
    """A raw share with its interval on the published scale."""
    ends = {name: None if raw[name] is None else normalised(raw[name], lower) for name in ("value", "low", "high")}
    se = None if raw["se"] is None else raw["se"] / (1 - lower) * 100
    return raw | ends | {"metric": NORMALISED, "se": se}


def _combined(name: str, value: float, parts: Sequence[Row]) -> Row:
    """A simple mean of scores of separate items.

    The interval's arms are the root of the summed squares of the parts' arms (MOVER, Zou & Donner 2008): a part whose
    items are all right or all wrong has no standard error, but an arm.
    """
    whole = all(part["low"] is not None for part in parts)
    below = _root(part["value"] - part["low"] for part in parts) / len(parts) if whole else None
    above = _root(part["high"] - part["value"] for part in parts) / len(parts) if whole else None
    spread = all(part["se"] is not None for part in parts)
    return {
        "metric": NORMALISED,
        "slice": name,
        "value": value,
        "n": sum(part["n"] for part in parts),
        "clusters": sum(part["clusters"] for part in parts),
        "se": _root(part["se"] for part in parts) / len(parts) if spread else None,
        "low": None if below is None else value - below,
        "high": None if above is None else value + above,
        "level": parts[0]["level"],
        "method": COMBINED if whole else NOT_COMBINED,
    }


def _root(arms: Iterable[float]) -> float:
    return math.sqrt(sum(arm**2 for arm in arms))
