"""Status and plan in words: the same in the terminal, in Dagster and on the page."""

from sg_assets.lineage.causes import Cause, Kind
from sg_assets.status.partition_status import Need, PartitionStatus
from sg_assets.status.plan import Cost, Step
from sg_assets.text.numbers import duration, shortened

_MOST = 3
"""Causes told of one partition; the others are counted."""
_VALUE = 40
"""Characters of a value."""


def reason(standing: PartitionStatus) -> str:
    """Why a partition is not current, or only by an acceptance, in a line; empty where it just is."""
    told = [cause_told(one, str(standing.ref)) for one in standing.causes[:_MOST]]
    rest = len(standing.causes) - _MOST
    told += [f"and {rest} more"] if rest > 0 else []
    told += [f"{standing.quarantined} is held back by its audit"] if standing.quarantined else []
    told += [f"{name} failed" for name in standing.failing]
    told += [f"cannot be made here: {standing.blocked}"] if standing.blocked else []
    told += [str(standing.accepted.mark)] if standing.accepted else []
    return "; ".join(told)


def need(standing: PartitionStatus) -> str:
    """What bringing it up to date takes, in a few words."""
    return {
        Need.WORK: "to be made",
        Need.FOLLOW: "to be made if its inputs change",
        Need.CONFIRM: "to be confirmed",
        Need.NOTHING: "nothing",
    }[standing.need]


def accepted(number: int) -> str:
    """How many count as up to date by an acceptance; empty where none does."""
    if not number:
        return ""
    counted = "1 partition counts" if number == 1 else f"{number} partitions count"
    return f"{counted} as made by today's code because someone accepted that (`sg-assets status --all` says who)"


def estimated(step: Step) -> str:
    """What a step is expected to take, in seconds or minutes."""
    taken = step.estimate.seconds
    return "?" if taken is None else duration(taken)


def calls(step: Step) -> str:
    """The requests of a step to a model; empty where it makes none."""
    costs = step.estimate
    return f"{costs.calls:,}" if costs.counted else f"up to {costs.calls:,}" if costs.calls else ""


def cost(total: Cost) -> str:
    """What steps take together, in a sentence."""
    told = [
        f"{total.steps} steps of work",
        f"about {total.rows:,} rows",
        f"{'' if total.counted else 'up to '}{total.calls:,} model calls",
        f"GPU pool {duration(total.pool_seconds)}",
        f"other work {duration(total.other_seconds)}",
        money(total),
    ]
    unknown = f", and {total.unknown} steps like none made before" if total.unknown else ""
    return f"{', '.join(told)}{unknown}."


def money(total: Cost) -> str:
    """What steps cost in money, with what is left out of it."""
    told = [] if total.money is None else [f"about {total.money:,.2f} {total.currency}"]
    told += [f"no price declared for {' and '.join(total.unpriced)}"] if total.unpriced else []
    told += [f"calls of {' and '.join(total.uncounted)} not known before"] if total.uncounted else []
    return "money: " + ("; ".join(told) or "none")


def cause_told(cause: Cause, here: str | None = None) -> str:
    """A cause, with the place it enters at where that is elsewhere."""
    place = "" if here in cause.places else f" ({_places(cause)})"
    if cause.kind is Kind.INPUT:
        return f"{cause.name} {cause.note or 'has other content'}{'' if cause.name in cause.places else place}"
    moved = (
        ""
        if cause.old is None and cause.new is None
        else f" {shortened(cause.old, _VALUE)} -> {shortened(cause.new, _VALUE)}"
    )
    note = f": {cause.note}" if cause.note else ""
    return f"{cause.kind} {cause.name}{moved}{note}{place}"


def _places(cause: Cause) -> str:
    first, *others = cause.places
    return f"{first} and {len(others)} more" if others else first
