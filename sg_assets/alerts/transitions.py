"""Transitions of an incident, as pure functions, so that tests can try any order of events."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from ulid import ULID

from sg_assets.alerts.incidents import Event, Incident, IncidentChange
from sg_assets.alerts.rules import AlertRules, worst

CauseFinder = Callable[[Event], Incident | None]
"""Finds the incident that explains a failure."""


@dataclass(frozen=True)
class Transition:
    """An incident after an event, and the change to send."""

    incident: Incident | None
    """The incident now; None if the subject passes and had no incident."""
    change: IncidentChange | None = None
    """The change to send in a notice, if any."""


def apply_event(
    incident: Incident | None,
    event: Event,
    before: str | None,
    rules: AlertRules,
    find_cause: CauseFinder,
    *,
    has_passed: bool,
) -> Transition:
    """Apply an event to the incident of its subject.

    Args:
        incident: The subject's incident that is not closed.
        event: What happened.
        before: The value observed of the subject before.
        rules: The declared rules.
        find_cause: Finds the incident that explains a failure.
        has_passed: Whether the subject ever passed.
    """
    if event.passed:
        return Transition(None) if incident is None else _recover(incident, event)
    if incident is None:
        return _open(event, before, rules, find_cause, has_passed=has_passed)
    appended = incident.model_copy(
        update={
            "failures": incident.failures + 1,
            "last": event.at,
            "value": event.value,
            "severity": worst([incident.severity, event.severity]),
        }
    )
    if incident.status == "muted" and find_cause(event) is None:
        return announce(appended, before)
    return escalate(appended, incident, rules, event.at)


def escalate(incident: Incident, before: Incident, rules: AlertRules, now: datetime) -> Transition:
    """An incident with its severity after escalation; a rise of an open incident is sent."""
    severity = rules.escalated(incident, now)
    if severity == before.severity:
        return Transition(incident)
    worse = incident.model_copy(update={"severity": severity, "raised": now})
    if incident.status != "open":
        return Transition(worse)
    return Transition(worse, IncidentChange(kind="escalated", incident=worse, before=before.severity, now=severity))


def announce(incident: Incident, before: str | None) -> Transition:
    """Open a muted incident and send it."""
    opened = incident.model_copy(update={"status": "open", "muted_by": None})
    return Transition(opened, IncidentChange(kind="opened", incident=opened, before=before, now=opened.value))


def close(incident: Incident, at: datetime, value: str | None) -> Transition:
    """Close an incident; its recovery is sent if its opening was."""
    ended = incident.model_copy(update={"status": "closed", "closed": at})
    if incident.status != "open":
        return Transition(ended)
    return Transition(ended, IncidentChange(kind="recovered", incident=ended, before=incident.value, now=value))


def _recover(incident: Incident, event: Event) -> Transition:
    return close(incident, event.at, event.value)


def _open(
    event: Event, before: str | None, rules: AlertRules, find_cause: CauseFinder, *, has_passed: bool
) -> Transition:
    quiet = rules.is_quiet(event, has_passed=has_passed)
    cause = None if quiet else find_cause(event)
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
    first = escalate(incident, incident, rules, event.at).incident or incident  # `after_failures: 1`
    if first.status != "open":
        return Transition(first)
    return Transition(first, IncidentChange(kind="opened", incident=first, before=before, now=event.value))
