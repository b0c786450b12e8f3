"""Status and plan in the terminal."""

from rich.console import Group, RenderableType
from rich.table import Column, Table
from rich.text import Text

from sg_assets.status.partition_status import State
from sg_assets.status.plan import Plan
from sg_assets.status.render.text import (
    accepted,
    calls,
    cause_text,
    cost,
    estimated,
    need,
    obstacle_lines,
    reason,
    rows,
)
from sg_assets.status.summary import Summary
from sg_assets.text.lists import listed

_STYLES = {
    State.DAMAGED: "bold red",
    State.QUARANTINED: "bold red",
    State.MISSING: "bold",
    State.OUTDATED: "yellow",
    State.FAILING: "magenta",
    State.CURRENT: "green",
}
_CAUSES = 10


def status(summary: Summary) -> RenderableType:
    """The counts, causes and lines of a status."""
    counted = ", ".join(f"{number} {state}" for state, number in summary.counts.items())
    parts: list[RenderableType] = [Text(f"{sum(summary.counts.values())} partitions: {counted}")]
    parts += [Text(sentence, style="yellow" if "NOT ALIGNED" in sentence else "") for sentence in summary.judges]
    parts += [
        Text(f"Behind {times} of them: {cause_text(cause)}", style="yellow")
        for cause, times in summary.causes[:_CAUSES]
    ]
    if summary.accepted:
        parts.append(Text(accepted(summary.accepted)))
    if summary.lines:
        table = Table(Column("Partition", overflow="fold"), Column("State", no_wrap=True), "Needs", "Because", box=None)
        for line in summary.lines:
            table.add_row(Text(line.name), Text(line.state, style=_STYLES[line.state]), line.need, Text(line.reason))
        parts.append(table)
    if summary.undeclared:
        names = listed(summary.undeclared, 6)
        parts.append(Text(f"{len(summary.undeclared)} with versions, no longer declared: {names}", style="dim"))
    return Group(*parts)


def plan(planned: Plan) -> RenderableType:
    """The runs of a plan, upstream first, and their cost."""
    if not planned.steps:
        return Text("Everything is up to date: nothing to do.")
    table = Table(
        Column("Run", justify="right"), Column("Partition", overflow="fold"), "What", Column("Rows", justify="right"),
        Column("Calls", justify="right"), Column("Time", justify="right", no_wrap=True), "Pool", "Because", box=None,
    )  # fmt: skip
    for number, batch in enumerate(planned.batches, start=1):
        for ref in batch.refs:
            step = planned.steps[ref]
            why = reason(step.status) or f"{step.status.state}; {step.estimate.basis}"
            table.add_row(
                str(number), Text(str(ref)), need(step.status), rows(step), calls(step), estimated(step),
                step.pool or "", Text(why),
            )  # fmt: skip
    first = [Text(line, style="bold red") for line in obstacle_lines(planned)]
    return Group(*first, table, Text(f"{len(planned.batches)} runs: {cost(planned.cost)}"))
