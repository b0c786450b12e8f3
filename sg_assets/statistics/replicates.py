"""A number over several trainings: what each gave, and the spread between them."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from sg_assets.statistics.clusters import check_level

OVER_RUNS = "mean of {} trainings; Student's t between them, joined with the interval on the items"
"""How the interval over trainings is made."""


@dataclass(frozen=True)
class Run:
    """What one training gave, with its interval on the items."""

    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True)
class OverRuns:
    """The mean over trainings, with an interval that another seed is counted in."""

    value: float
    low: float | None
    """None where a training has no interval."""
    high: float | None
    spread: float
    """Standard deviation between trainings."""


def over_runs(runs: Sequence[Run], level: float = 0.95) -> OverRuns:
    """The mean over trainings of one variant, scored on the same items.

    Each arm of the interval is the root of two summed squares: the mean arm on the items, which all trainings share and
    which therefore does not shrink with their number, and Student's t times ``spread / sqrt(runs)``. The spread holds
    some of the items' noise as well, so the interval is rather too wide than too narrow.

    Args:
        runs: At least two.
        level: Confidence level, a share.

    Raises:
        SgAssetsError: the level is not between 0 and 1.
    """
    from scipy.special import stdtrit

    check_level(level)
    value = statistics.fmean(run.value for run in runs)
    spread = statistics.stdev(run.value for run in runs)
    between = float(stdtrit(len(runs) - 1, (1 + level) / 2)) * spread / math.sqrt(len(runs))
    below = [run.value - run.low for run in runs if run.low is not None]
    above = [run.high - run.value for run in runs if run.high is not None]
    if len(below) < len(runs) or len(above) < len(runs):
        return OverRuns(value, None, None, spread)
    low, high = (math.hypot(statistics.fmean(arms), between) for arms in (below, above))
    return OverRuns(value, value - low, value + high, spread)
