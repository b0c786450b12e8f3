"""Texts of status and plan, shared by the terminal, Dagster and the page."""

from sg_assets.lineage.causes import Cause, Kind
from sg_assets.status.partition_status import Need, PartitionStatus
from sg_assets.status.plan import PlanCost, PlanStep
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
    return f"{costs.calls:,}" if costs.counted else f"up to {costs.calls:,}" if costs.calls else ""


def cost(total: PlanCost) -> str:
    """The cost of a plan in a sentence."""
    parts = [
        counted(total.steps, "step") + " of work",
        f"about {total.rows:,} rows",
        f"{'' if total.counted else 'up to '}{total.calls:,} model calls",
        f"GPU pool {duration(total.pool_seconds)}",
        f"other work {duration(total.other_seconds)}",
        money(total),
    ]
    unknown = f", and {counted(total.unknown, 'step')} without an estimate" if total.unknown else ""
    return f"{', '.join(parts)}{unknown}."


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
