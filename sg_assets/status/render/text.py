"""Texts of status and plan, shared by the terminal, Dagster and the page."""

from sg_assets.lineage.causes import Cause, Kind
from sg_assets.status.partition_status import Need, PartitionStatus
from sg_assets.status.plan import Plan, PlanCost, PlanStep
from sg_assets.status.spans import NOTHING
from sg_assets.text.lists import counted, first_with_count
from sg_assets.text.numbers import duration, shortened

_MOST = 3
"""Causes shown of one partition; the others are counted."""
_VALUE = 40
"""Characters of a value."""


def reason(status: PartitionStatus) -> str:
    """Why a partition is not current, or current only by an acceptance, in a line; else empty."""
    parts = first_with_count([cause_text(cause, str(status.ref)) for cause in status.causes], _MOST)
    parts += status.damage
    parts += [f"{status.quarantined} is held back by its audit"] if status.quarantined else []
    parts += [f"{name} failed" for name in status.failing]
    parts += [f"cannot be made here: {status.blocked}"] if status.blocked else []
    parts += [str(status.accepted.mark)] if status.accepted else []
    return "; ".join(parts)


def need(status: PartitionStatus) -> str:
    """What bringing a partition up to date takes, in a few words."""
    return {
        Need.WORK: "to be made",
        Need.FOLLOW: "to be made if its inputs change",
        Need.CONFIRM: "to be confirmed",
        Need.NOTHING: "nothing",
    }[status.need]


def accepted(number: int) -> str:
    """How many partitions are up to date by an acceptance; empty if none."""
    if not number:
        return ""
    verb = "counts" if number == 1 else "count"
    return (
        f"{counted(number, 'partition')} {verb} as made by today's code because someone accepted that"
        " (`sg-assets status --all` says who)"
    )


def estimated(step: PlanStep) -> str:
    """The estimated time of a step; "?" if not known."""
    taken = step.estimate.seconds
    return "?" if taken is None else duration(taken)


def calls(step: PlanStep) -> str:
    """The model calls of a step; empty if it makes none."""
    costs = step.estimate
    if costs.counted:
        return f"{costs.calls:,}"
    return "" if costs.call_span == NOTHING else str(costs.call_span)


def rows(step: PlanStep) -> str:
    """The rows of a step's table; empty if it makes none, "?" if nothing is known of them."""
    span = step.estimate.row_span
    return "" if step.estimate.rows is None and span == NOTHING else str(span)


def obstacle_lines(planned: Plan) -> list[str]:
    """What cannot run here, or may not: what is missing, of which steps, and how many wait for them."""
    lines = []
    for obstacle, refs in planned.obstacles.items():
        named = ", ".join(first_with_count([str(ref) for ref in refs], _MOST))
        lines.append(f"{'Cannot run here' if obstacle.certain else 'May fail'}: {named}: {obstacle.problem}")
    if planned.held_back:
        steps = f"{len(planned.held_back):,} of {counted(len(planned.steps), 'partition')}"
        lines.append(f"{steps} cannot be made until that is mended.")
    return lines


def cost(total: PlanCost) -> str:
    """The cost of a plan in a sentence."""
    parts = [
        counted(total.steps, "step") + " of work",
        f"about {total.rows:,} rows" if total.rows is not None else f"{total.rows_range} rows",
        calls_due(total),
        f"GPU pool {_at_least(total.pool_seconds, total.pool_unknown)}",
        f"other work {_at_least(total.other_seconds, total.unknown - total.pool_unknown)}",
        money(total),
    ]
    unknown = f", and {counted(total.unknown, 'step')} without an estimate" if total.unknown else ""
    return f"{', '.join(parts)}{unknown}."


def calls_due(total: PlanCost) -> str:
    """The model calls of a plan, within what is known of them."""
    if total.calls is None:
        return f"{total.calls_range} model calls"
    return f"{'' if total.counted else 'up to '}{total.calls:,} model calls"


def _at_least(seconds: float, unknown: int) -> str:
    """A time, which leaves out the steps whose time is unknown."""
    if not unknown:
        return duration(seconds)
    return f"at least {duration(seconds)}" if seconds else "?"


def money(total: PlanCost) -> str:
    """The cost of a plan in money, with the resources that are left out."""
    parts = [] if total.money is None else [f"about {total.money:,.2f} {total.currency}"]
    parts += [f"no price declared for {' and '.join(total.unpriced)}"] if total.unpriced else []
    parts += [f"calls of {' and '.join(total.uncounted)} not known in advance"] if total.uncounted else []
    return "money: " + ("; ".join(parts) or "none")


def cause_text(cause: Cause, here: str | None = None) -> str:
    """A cause, with the partition it enters at if that is another one."""
    location = "" if here in cause.places else f" ({_locations(cause)})"
    if cause.kind is Kind.INPUT:
        return f"{cause.name} {cause.note or 'has different content'}{'' if cause.name in cause.places else location}"
    change = (
        ""
        if cause.old is None and cause.new is None
        else f" {shortened(cause.old, _VALUE)} -> {shortened(cause.new, _VALUE)}"
    )
    note = f": {cause.note}" if cause.note else ""
    return f"{cause.kind} {cause.name}{change}{note}{location}"


def _locations(cause: Cause) -> str:
    first, *others = cause.places
    return f"{first} and {len(others)} more" if others else first
