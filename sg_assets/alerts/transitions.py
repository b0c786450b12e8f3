"""How an incident changes: pure, so that any order of events can be tried."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from ulid import ULID

from sg_assets.alerts.incidents import Change, Event, Incident
from sg_assets.alerts.rules import Rules, worst

Holder = Callable[[Event], Incident | None]
"""The incident that a failure follows from."""


@dataclass(frozen=True)
class Next:
    """What an event leads to."""

    incident: Incident | None
    """As it is now; None where nothing is wrong and nothing was."""
    change: Change | None = None
    """What is to be told."""


def after(
    incident: Incident | None, event: Event, before: str | None, rules: Rules, holder: Holder, *, has_passed: bool
) -> Next:
    """What follows from an event.

    Args:
        incident: What is open of the event's subject.
        event: What happened.
        before: What was seen of the subject before.
        rules: What is declared.
        holder: Finds the incident that a failure follows from.
        has_passed: Whether the subject ever passed.
    """
    if event.passed:
        return Next(None) if incident is None else _recovered(incident, event)
    if incident is None:
        return _opened(event, before, rules, holder, has_passed=has_passed)
    appended = incident.model_copy(
        update={
            "failures": incident.failures + 1,
            "last": event.at,
            "value": event.value,
            "severity": worst([incident.severity, event.severity]),
        }
    )
    if incident.status == "muted" and holder(event) is None:
        return announced(appended, before)
    return raised(appended, incident, rules, event.at)


def raised(incident: Incident, before: Incident, rules: Rules, now: datetime) -> Next:
    """An incident with the severity it has come to, told where that is more than before."""
    severity = rules.escalated(incident, now)
    if severity == before.severity:
        return Next(incident)
    worse = incident.model_copy(update={"severity": severity, "raised": now})
    if incident.status != "open":
        return Next(worse)
    return Next(worse, Change(what="escalated", incident=worse, before=before.severity, now=severity))


def announced(incident: Incident, before: str | None) -> Next:
    """A muted incident, told after all."""
    told = incident.model_copy(update={"status": "open", "muted_by": None})
    return Next(told, Change(what="opened", incident=told, before=before, now=told.value))


def closed(incident: Incident, at: datetime, value: str | None) -> Next:
    """An incident that ended; told where its beginning was."""
    ended = incident.model_copy(update={"status": "closed", "closed": at})
    if incident.status != "open":
        return Next(ended)
    return Next(ended, Change(what="recovered", incident=ended, before=incident.value, now=value))


def _recovered(incident: Incident, event: Event) -> Next:
    return closed(incident, event.at, event.value)


def _opened(event: Event, before: str | None, rules: Rules, holder: Holder, *, has_passed: bool) -> Next:
    quiet = rules.is_quiet(event, has_passed=has_passed)
    cause = None if quiet else holder(event)
    incident = Incident(
        id=str(ULID()),
        subject=event.subject,
        severity=event.severity,
        status="quiet" if quiet else "open" if cause is None else "muted",
        owner=rules.owner(event.subject),
        opened=event.at,
        raised=event.at,
        last=event.at,
        before=before,
        value=event.value,
        muted_by=None if cause is None else cause.id,
    )
    first = raised(incident, incident, rules, event.at).incident or incident  # `after_failures: 1`
    if first.status != "open":
        return Next(first)
    return Next(first, Change(what="opened", incident=first, before=before, now=event.value))
