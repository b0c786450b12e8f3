"""Numbers as text, the same in the terminal, in Markdown and on the page."""

from sg_assets.leaderboard.score_changes import ScoreChange as TaskChange
from sg_assets.reports.paired_changes import VariantChange
from sg_assets.reports.results import Estimate, MetricColumn, Results, Unit
from sg_assets.reports.training_costs import TrainingCost

MARK = "\u2020"
"""Marks a number that cannot be compared with the others; its remark is shown below."""
MACHINE_MARK = "\u2021"
"""Marks a number that was made on another kind of machine; it is still compared."""
NOT_SCORED = "not scored"
"""The text for a missing number: never an empty cell, never 0."""


def value(estimate: Estimate) -> str:
    """The value in its unit: 0.098 as "9.8 %", a score as "34.2", a cosine as "0.93"."""
    return f"{written(estimate.value, estimate.unit)}{' %' if estimate.unit == 'share' else ''}"


def marks(estimate: Estimate) -> str:
    """The marks of a number; ``marked`` explains them."""
    return (MARK if estimate.remark else "") + (MACHINE_MARK if estimate.machine else "")


def marked(results: Results) -> list[tuple[str, str, str]]:
    """Mark, variant and remark of each number that has one."""
    entries = [(MARK, variant, remark) for variant, remark in results.remarks]
    return entries + [(MACHINE_MARK, variant, remark) for variant, remark in results.machines]


def interval(estimate: Estimate) -> str:
    """The interval in the value's unit, "8.1 to 11.9", or why there is none."""
    if estimate.low is None or estimate.high is None:
        return estimate.method
    return f"{written(estimate.low, estimate.unit)} to {written(estimate.high, estimate.unit)}"


def written(number: float, unit: Unit, sign: str = "") -> str:
    """A number in its unit, without the unit: a share in per cent."""
    digits = 2 if unit == "cosine" else 1
    return f"{100 * number if unit == 'share' else number:{sign}.{digits}f}"


def runs(found: Estimate | VariantChange) -> str:
    """The value of every training, "3 trainings: 3.5, 3.8, 2.2"; empty if there was one."""
    if not found.runs:
        return ""
    change = isinstance(found, VariantChange)
    unit = found.asked.unit if isinstance(found, VariantChange) else found.unit
    texts = (_signed(run, unit) if change else written(run, unit) for run in found.runs)
    return f"{len(found.runs)} trainings: {', '.join(texts)}"


def origin(estimate: Estimate) -> str:
    """The version, counts and method of a number, in a line."""
    return (
        f"version {estimate.version}; n = {estimate.n} in {estimate.clusters} clusters; "
        f"{_level(estimate.level)} interval: {estimate.method}"
    )


def heading(column: MetricColumn) -> str:
    """Title of a column with which way is good; likeness to base is good or bad by what base does."""
    if column.unit == "cosine":
        return column.title
    return f"{column.title} ({column.better} is better)"


def caption(results: Results) -> str:
    """The explanation of the second number in a cell."""
    levels = " or ".join(_level(level) for level in results.levels)
    return f"Share of prompts with its {levels} interval, clustered on the source text; n = prompts." if levels else ""


def difference(change: VariantChange) -> str:
    """A difference in its unit (percentage points for shares), signed with a true minus; empty where there is none."""
    paired = change.found
    return "" if paired is None or paired.difference is None else _signed(paired.difference, change.asked.unit)


def _signed(number: float, unit: Unit) -> str:
    shown = written(number, unit, "+")
    return shown.lstrip("+-") if float(shown) == 0 else shown.replace("-", "\u2212")


def change_interval(change: VariantChange) -> str:
    """The interval of a difference, or why there is none."""
    paired = change.found
    if paired is None:
        return change.remark
    if paired.low is None or paired.high is None:
        return paired.method
    return f"{_signed(paired.low, change.asked.unit)} to {_signed(paired.high, change.asked.unit)}"


def change_origin(change: VariantChange) -> str:
    """The variants, score, counts and method of a difference, in a line."""
    paired, asked = change.found, change.asked
    if paired is None:
        return change.remark
    return (
        f"{asked.variant} minus {asked.against}: {asked.benchmark}, {asked.metric} of {asked.slice}, on the"
        f" {paired.n_shared} prompts both were asked, in {paired.clusters} clusters; {_level(paired.level)} interval:"
        f" {paired.method}"
    )


def task_change(change: TaskChange) -> str:
    """A task's score against base's, with a true minus."""
    return str(change).replace("-", "\u2212").replace("%", " %")


def training_time(cost: TrainingCost) -> str:
    """Its own training in seconds, with those it goes on from where there are some."""
    if not cost.seconds:
        return "none"
    own = f"{cost.seconds:,.0f} s"
    parents = cost.seconds_with_parents
    return own if parents == cost.seconds else f"{own} ({parents:,.0f} s with parent)"


def _level(level: float) -> str:
    return f"{100 * level:g} %"
