"""How numbers are written: the same words in the terminal, in Markdown and on the page."""

from sg_assets.reports.results import Estimate, MetricColumn, Results

NOT_SCORED = "not scored"
"""Stands where a number is missing. Never an empty cell, never 0."""


def percent(share: float) -> str:
    """0.098 as "9.8 %"."""
    return f"{100 * share:.1f} %"


def interval(estimate: Estimate) -> str:
    """The interval in percent, "8.1 to 11.9", or why there is none."""
    if estimate.low is None or estimate.high is None:
        return estimate.method
    return f"{100 * estimate.low:.1f} to {100 * estimate.high:.1f}"


def origin(estimate: Estimate) -> str:
    """Everything behind a number, in one line."""
    return (
        f"version {estimate.version}; n = {estimate.n} in {estimate.clusters} clusters; "
        f"{_level(estimate.level)} interval: {estimate.method}"
    )


def heading(column: MetricColumn) -> str:
    """Title of a column with which way is good."""
    return f"{column.title} ({column.better} is better)"


def caption(results: Results) -> str:
    """What the second number in a cell is."""
    levels = " or ".join(_level(level) for level in results.levels)
    return f"Share of prompts with its {levels} interval, clustered on the source text; n = prompts." if levels else ""


def _level(level: float) -> str:
    return f"{100 * level:g} %"
