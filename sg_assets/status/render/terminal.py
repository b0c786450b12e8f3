"""Status and plan in the terminal."""

from rich.console import Group, RenderableType
from rich.table import Column, Table
from rich.text import Text

from sg_assets.status.partition_status import State
from sg_assets.status.plan import Plan
from sg_assets.status.render.text import accepted, calls, cause_told, cost, estimated, need, reason
from sg_assets.status.summary import Summary

_STYLES = {
    State.QUARANTINED: "bold red",
    State.MISSING: "bold",
    State.OUTDATED: "yellow",
    State.FAILING: "magenta",
    State.CURRENT: "green",
}
_CAUSES = 10


def status(shown: Summary) -> RenderableType:
    """How partitions stand, and why."""
    counted = ", ".join(f"{number} {state}" for state, number in shown.counts.items())
    parts: list[RenderableType] = [Text(f"{sum(shown.counts.values())} partitions: {counted}")]
    parts += [
        Text(f"Behind {times} of them: {cause_told(cause)}", style="yellow") for cause, times in shown.causes[:_CAUSES]
    ]
    if shown.accepted:
        parts.append(Text(accepted(shown.accepted)))
    if shown.lines:
        table = Table(Column("Partition", overflow="fold"), Column("State", no_wrap=True), "Needs", "Because", box=None)
        for line in shown.lines:
            table.add_row(Text(line.name), Text(line.state, style=_STYLES[line.state]), line.need, Text(line.reason))
        parts.append(table)
    if shown.undeclared:
        names = ", ".join(map(str, shown.undeclared[:6])) + (", ..." if len(shown.undeclared) > 6 else "")
        parts.append(Text(f"{len(shown.undeclared)} with versions, no longer declared: {names}", style="dim"))
    return Group(*parts)


def plan(found: Plan) -> RenderableType:
    """The runs of a plan, upstream first, and what they cost together."""
    if not found.steps:
        return Text("Everything is up to date: nothing to do.")
    table = Table(
        Column("Run", justify="right"), Column("Partition", overflow="fold"), "What", Column("Rows", justify="right"),
        Column("Calls", justify="right"), Column("Time", justify="right", no_wrap=True), "Pool", "Because", box=None,
    )  # fmt: skip
    for place, batch in enumerate(found.batches, start=1):
        for ref in batch.refs:
            step = found.steps[ref]
            costs = step.estimate
            rows = "?" if costs.rows is None else f"{costs.rows:,}"
            why = reason(step.standing) or f"{step.standing.state}; {costs.basis}"
            table.add_row(
                str(place), Text(str(ref)), need(step.standing), rows, calls(step), estimated(step),
                step.pool or "", Text(why),
            )  # fmt: skip
    return Group(table, Text(f"{len(found.batches)} runs: {cost(found.cost)}"))
