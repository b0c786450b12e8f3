"""How values of metrics, times and long values are written, whatever the form."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

_DECIMALS: Final = 2
_MINUTE: Final = 60.0


def is_rate(metric: str) -> bool:
    """Whether a metric is a share, shown in percent; by its name."""
    return metric.endswith("_rate")


def metric_value(metric: str, number: Fraction | float) -> str:
    """A value of a metric by its name: a rate in percent, "42.00 %", else the number."""
    return f"{float(100 * number):.{_DECIMALS}f} %" if is_rate(metric) else f"{float(number):.4g}"


def metric_interval(metric: str, low: float | None, high: float | None) -> str:
    """The interval of a metric's value, "40.10 % to 43.90 %"; "none" where there is none."""
    if low is None or high is None:
        return "none"
    return f"{metric_value(metric, low)} to {metric_value(metric, high)}"


def metric_difference(metric: str, difference: float) -> str:
    """A difference of a metric, with its sign and unit: "+2.00 points"."""
    scale, decimals, unit = _scale(metric)
    return f"{scale * difference:+.{decimals}f}{unit}"


def difference_interval(metric: str, low: float | None, high: float | None) -> str:
    """The interval of a difference, without its unit: "+1.20 to +2.80"; "none" where there is none."""
    if low is None or high is None:
        return "none"
    scale, decimals, _ = _scale(metric)
    return f"{scale * low:+.{decimals}f} to {scale * high:+.{decimals}f}"


def difference_unit(metric: str) -> str:
    """The unit of a difference, with the space before it; empty where the metric has none."""
    return _scale(metric)[2]


def rounded_parts(metric: str, parts: Sequence[Fraction], total: Fraction) -> list[str]:
    """Parts of a difference, rounded by largest remainder: the parts shown add up to the total shown."""
    scale, decimals, unit = _scale(metric)
    exact_steps = [part * scale * 10**decimals for part in parts]
    steps = [exact.__floor__() for exact in exact_steps]
    by_remainder = sorted(range(len(steps)), key=lambda index: steps[index] - exact_steps[index])
    for index in by_remainder[: round(total * scale * 10**decimals) - sum(steps)]:
        steps[index] += 1
    return [f"{float(Fraction(step, 10**decimals)):+.{decimals}f}{unit}" for step in steps]


def duration(seconds: float) -> str:
    """A time in the unit that suits it."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    return f"{seconds:.0f} s" if seconds < 2 * _MINUTE else f"{seconds / _MINUTE:.0f} min"


def shortened(value: object, longest: int) -> str:
    """A value on one line, cut after so many characters; "none" for None."""
    text = "none" if value is None else " ".join(str(value).split())
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def counted(count: int, noun: str) -> str:
    """A count with its noun: "1 cause", "3 causes"."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _scale(metric: str) -> tuple[int, int, str]:
    """How a metric's differences are written: factor, decimals, unit."""
    return (100, _DECIMALS, " points") if is_rate(metric) else (1, 4, "")
