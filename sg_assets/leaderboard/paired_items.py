"""The change of leaderboard scores on the items two variants share, with its interval."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import polars as pl

from sg_assets.leaderboard.items import RAW
from sg_assets.leaderboard.normalisation import MEAN, TASK_NAMES, Task
from sg_assets.statistics.clusters import t_quantiles
from sg_assets.statistics.paired import PairedDifference, paired_differences
from sg_assets.statistics.rates import Method

PAIRED = "paired by item; means from their parts' intervals, taken as independent"

Arms = tuple[float, float]
"""How far an interval reaches below and above its value, in points of the scale from 0 to 100."""
Scales = Mapping[str, Mapping[str, Any]]
"""By task: ``lower``, the share by guessing of each subtask, and ``by_subtask``, whether subtasks are scored first."""


def scales(tasks: Iterable[Task]) -> dict[str, dict[str, Any]]:
    """The scales from raw shares of these tasks to their scores, stored with the scores."""
    return {task.name: {"lower": dict(task.lower), "by_subtask": task.by_subtask} for task in tasks}


def paired_arms(before: pl.DataFrame, after: pl.DataFrame, scaled: Scales, level: float = 0.95) -> dict[str, Arms]:
    """The arms of the interval of each task's change, and of the mean's; a task without an interval is left out.

    A subtask's change is the paired, clustered difference of its raw shares on the published scale. A mean's arms are
    the root of the summed squares of its parts' (MOVER, Zou & Donner 2008), over their number.

    Args:
        before: items of the side before, with the raw metric of every subtask and task.
        after: items of the side after.
        scaled: ``scales`` of the tasks.
        level: confidence level, a share.

    Raises:
        SgAssetsError: bad items.
    """
    raw = pl.col("metric") == RAW
    differences = paired_differences(before.filter(raw), after.filter(raw), level)
    parts = {difference.slice: part for difference in differences if (part := _arms(difference)) is not None}
    arms = {name: pair for name, scale in scaled.items() if (pair := _of_task(name, scale, parts)) is not None}
    if arms.keys() == set(TASK_NAMES):
        arms[MEAN] = _mean(list(arms.values()))
    return arms


def _arms(found: PairedDifference) -> Arms | None:
    """The arms of a raw share's change.

    Where no item of a graded score changed, the spread is unknown; then, as for a rate, the share of items that might
    change by the full range is bounded (Wilson at n = clusters).
    """
    if found.difference is None:
        return None
    if found.low is not None and found.high is not None:
        return found.difference - found.low, found.high - found.difference
    if found.method != Method.CONSTANT or found.difference != 0:
        return None
    quantile = t_quantiles(pl.Series([found.clusters]), found.level).item()
    arm = quantile**2 / (found.clusters + quantile**2)
    return arm, arm


def _of_task(name: str, scale: Mapping[str, Any], parts: Mapping[str, Arms]) -> Arms | None:
    lower: Mapping[str, float] = scale["lower"]
    names = list(lower) if scale["by_subtask"] else [name]
    if not parts.keys() >= set(names):
        return None
    bounds = lower if scale["by_subtask"] else {name: next(iter(lower.values()))}
    return _mean(
        [
            (_scaled(parts[part_name][0], bounds[part_name]), _scaled(parts[part_name][1], bounds[part_name]))
            for part_name in names
        ]
    )


def _scaled(arm: float, lower: float) -> float:
    return 100 * arm / (1 - lower)


def _mean(parts: Sequence[Arms]) -> Arms:
    below, above = (math.hypot(*(part[side] for part in parts)) / len(parts) for side in (0, 1))
    return below, above
