"""The incident store: incidents, and the outbox of notices about them, in one database."""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sg_assets.alerts import transitions
from sg_assets.alerts.database import AlertDatabase
from sg_assets.alerts.incidents import Event, Incident, IncidentChange, RunOutcome, Subject
from sg_assets.alerts.outbox import queue_notices
from sg_assets.alerts.rules import AlertRules, is_at_least

_NO_LONGER = "no longer declared"


class IncidentStore:
    """Incidents of one profile. Several processes may write; each run is recorded once."""

    def __init__(self, path: Path, now: datetime | None = None) -> None:
        """Open the store at a path; a new one ignores runs that ended before now."""
        self.database = AlertDatabase(path)
        begins = (now or datetime.now(UTC)).isoformat()
        with self.database.transaction() as writing:
            writing.execute("INSERT OR IGNORE INTO meta VALUES ('begins', ?)", (begins,))

    def close(self) -> None:
        """Close the database."""
        self.database.close()

    @property
    def begins(self) -> datetime:
        """When the store was created: earlier runs are not recorded."""
        return datetime.fromisoformat(str(self.database.meta("begins")))

    def has_recorded(self, run: str) -> bool:
        """Whether a run's events are recorded."""
        return bool(self.database.rows("SELECT 1 FROM runs WHERE run = ?", run))

    def save_meta(self, name: str, value: str) -> None:
        """Store a value under a name, such as the position a reader of runs has reached."""
        with self.database.transaction() as writing:
            writing.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))

    def record_run(self, outcome: RunOutcome, rules: AlertRules, now: datetime) -> None:
        """Record how a run ended and queue its notices; a run that is already recorded changes nothing.

        An outcome outside any run is read each time: events that are already known change nothing.
        """
        with self.database.transaction() as writing:
            if outcome.run is not None:
                new = writing.execute("INSERT OR IGNORE INTO runs VALUES (?)", (outcome.run,))
                if not new.rowcount:
                    return
            failing: list[Incident] = []
            changes: list[IncidentChange] = []
            for event in rules.upstream_first(outcome.events):
                if rules.is_declared(event.subject):
                    changes += _enter(writing, event, outcome.run, rules, failing)
            queue_notices(writing, changes, rules, outcome, now)

    def apply_time(
        self, rules: AlertRules, now: datetime, is_known: Callable[[Subject], bool] = lambda _: True
    ) -> None:
        """Escalate incidents that last, open muted ones whose cause is over, close those no longer declared."""
        with self.database.transaction() as writing:
            changes: list[IncidentChange] = []
            for incident in _incidents(writing, "WHERE is_open"):
                transition = _in_time(writing, incident, rules, now, is_known)
                if transition.incident != incident and transition.incident is not None:
                    changes += _put(writing, transition, rules)
            queue_notices(writing, changes, rules, RunOutcome(run=None, events=()), now)

    def incidents(self, *, closed: bool = False) -> list[Incident]:
        """Incidents that are not closed, oldest first; with ``closed`` all of them."""
        with self.database.transaction() as reading:
            return _incidents(reading, "" if closed else "WHERE is_open")

    def stopped_partitions(self) -> set[str]:
        """Asset partitions with an open incident that stops them."""
        stopping = (incident for incident in self.incidents() if is_at_least(incident.severity, "error"))
        return {incident.subject.ref for incident in stopping if incident.subject.ref is not None}


def _incidents(reading: sqlite3.Connection, where: str, *values: object) -> list[Incident]:
    rows = reading.execute(f"SELECT body FROM incidents {where} ORDER BY rowid", values).fetchall()
    return [Incident.model_validate_json(body) for (body,) in rows]


def _enter(
    writing: sqlite3.Connection, event: Event, run: str | None, rules: AlertRules, failing: list[Incident]
) -> Sequence[IncidentChange]:
    key = event.subject.key
    state = writing.execute("SELECT at, has_passed, value FROM states WHERE subject = ?", (key,)).fetchone()
    if state is not None and event.at.timestamp() <= state[0]:
        return ()  # already known, or older than the last known event
    open_ = next(iter(_incidents(writing, "WHERE is_open AND subject = ?", key)), None)
    candidates = [*failing, *(_incidents(writing, "WHERE is_open") if event.subject.kind == "step" else ())]
    before, has_passed = (state[2], bool(state[1])) if state is not None else (None, False)
    transition = transitions.apply_event(
        open_, event, before, rules, lambda failure: _cause(failure, candidates, rules), has_passed=has_passed
    )
    writing.execute(
        "INSERT OR REPLACE INTO states VALUES (?, ?, ?, ?)",
        (key, event.at.timestamp(), has_passed or event.passed, event.value),
    )
    if transition.incident is None:
        return ()
    incident = transition.incident.model_copy(update={} if event.passed else {"run": run})
    if not event.passed:
        failing.append(incident)
    change = None if transition.change is None else transition.change.model_copy(update={"incident": incident})
    return _put(writing, transitions.Transition(incident, change), rules)


def _cause(event: Event, candidates: Iterable[Incident], rules: AlertRules) -> Incident | None:
    """An incident upstream of the failure: of the same run, or an open one that stops it."""
    for candidate in candidates:
        stopping = candidate.status in ("open", "muted") and is_at_least(candidate.severity, "error")
        if stopping and rules.is_downstream(event.subject, candidate.subject):
            return candidate
    return None


def _put(
    writing: sqlite3.Connection, transition: transitions.Transition, rules: AlertRules
) -> Sequence[IncidentChange]:
    """Store an incident. Its change goes to the targets routed now, its recovery to every target that got a notice."""
    incident, change = transition.incident, transition.change
    if incident is None:
        return ()
    if change is not None and change.kind != "recovered":
        targets = tuple(dict.fromkeys((*incident.targets, *rules.targets(incident))))
        incident = incident.model_copy(update={"targets": targets})
    body = (incident.subject.key, incident.closed is None, incident.model_dump_json(), incident.id)
    updated = writing.execute("UPDATE incidents SET subject = ?, is_open = ?, body = ? WHERE id = ?", body)
    if not updated.rowcount:
        writing.execute("INSERT INTO incidents (subject, is_open, body, id) VALUES (?, ?, ?, ?)", body)
    return () if change is None else (change.model_copy(update={"incident": incident}),)


def _in_time(
    writing: sqlite3.Connection,
    incident: Incident,
    rules: AlertRules,
    now: datetime,
    is_known: Callable[[Subject], bool],
) -> transitions.Transition:
    if not rules.is_declared(incident.subject) or not is_known(incident.subject):
        return transitions.close(incident, now, _NO_LONGER)
    if incident.status == "muted" and _is_mute_expired(writing, incident, rules, now):
        return transitions.announce(incident, incident.before)
    return transitions.escalate(incident, incident, rules, now)


def _is_mute_expired(writing: sqlite3.Connection, incident: Incident, rules: AlertRules, now: datetime) -> bool:
    """Whether its cause has been over for so long that this incident should have recovered as well."""
    causes = _incidents(writing, "WHERE id = ?", incident.muted_by)
    hold = timedelta(minutes=rules.declared.hold_muted_minutes)
    return all(cause.closed is not None and now - cause.closed >= hold for cause in causes)
