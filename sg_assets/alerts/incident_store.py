"""The book of incidents: what is wrong, and the outbox of what is to be told of it, in one file."""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sg_assets.alerts import transitions
from sg_assets.alerts.database import AlertDatabase
from sg_assets.alerts.incidents import Change, Event, Incident, Report, Subject
from sg_assets.alerts.outbox import announce
from sg_assets.alerts.rules import Rules, is_at_least

_NO_LONGER = "no longer declared"


class IncidentStore:
    """Incidents of one profile. Several processes may write it; each run is taken once."""

    def __init__(self, path: Path, now: datetime | None = None) -> None:
        """Open the book at a path; a new one begins now, and knows nothing of runs that ended before."""
        self.tables = AlertDatabase(path)
        begins = (now or datetime.now(UTC)).isoformat()
        with self.tables.transaction() as writing:
            writing.execute("INSERT OR IGNORE INTO meta VALUES ('begins', ?)", (begins,))

    def close(self) -> None:
        """Let go of the file."""
        self.tables.close()

    @property
    def begins(self) -> datetime:
        """Runs that ended before are none of its business."""
        return datetime.fromisoformat(str(self.tables.meta("begins")))

    def has_taken(self, run: str) -> bool:
        """Whether a run's events are in the book."""
        return bool(self.tables.rows("SELECT 1 FROM runs WHERE run = ?", run))

    def remember(self, name: str, value: str) -> None:
        """Keep how far a reader has come."""
        with self.tables.transaction() as writing:
            writing.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))

    def take(self, report: Report, rules: Rules, now: datetime) -> None:
        """Enter what a run ended with, and write its notices; once, however often it is called.

        A report of no run is taken again each time: events that are no news change nothing.
        """
        with self.tables.transaction() as writing:
            if report.run is not None:
                new = writing.execute("INSERT OR IGNORE INTO runs VALUES (?)", (report.run,))
                if not new.rowcount:
                    return
            failing: list[Incident] = []
            changes: list[Change] = []
            for event in rules.in_order(report.events):
                if rules.knows(event.subject):
                    changes += _enter(writing, event, report.run, rules, failing)
            announce(writing, changes, rules, report, now)

    def pass_time(self, rules: Rules, now: datetime, is_known: Callable[[Subject], bool] = lambda _: True) -> None:
        """Escalate what has lasted, tell what was muted in vain, close what is declared no more."""
        with self.tables.transaction() as writing:
            changes: list[Change] = []
            for incident in _incidents(writing, "WHERE is_open"):
                moved = _in_time(writing, incident, rules, now, is_known)
                if moved.incident != incident and moved.incident is not None:
                    changes += _put(writing, moved, rules)
            announce(writing, changes, rules, Report(run=None, events=()), now)

    def incidents(self, *, closed: bool = False) -> list[Incident]:
        """Those that are open; with ``closed`` all there were. Oldest first."""
        with self.tables.transaction() as reading:
            return _incidents(reading, "" if closed else "WHERE is_open")

    def unsettled(self) -> set[str]:
        """Asset partitions that something stopped, as far as is known."""
        stopped = (one for one in self.incidents() if is_at_least(one.severity, "error"))
        return {one.subject.ref for one in stopped if one.subject.ref is not None}


def _incidents(reading: sqlite3.Connection, where: str, *values: object) -> list[Incident]:
    rows = reading.execute(f"SELECT body FROM incidents {where} ORDER BY rowid", values).fetchall()
    return [Incident.model_validate_json(body) for (body,) in rows]


def _enter(
    writing: sqlite3.Connection, event: Event, run: str | None, rules: Rules, failing: list[Incident]
) -> Sequence[Change]:
    key = event.subject.key
    state = writing.execute("SELECT at, has_passed, value FROM states WHERE subject = ?", (key,)).fetchone()
    if state is not None and event.at.timestamp() <= state[0]:
        return ()  # known, or older than what is known
    open_ = next(iter(_incidents(writing, "WHERE is_open AND subject = ?", key)), None)
    candidates = [*failing, *(_incidents(writing, "WHERE is_open") if event.subject.kind == "step" else ())]
    before, has_passed = (state[2], bool(state[1])) if state is not None else (None, False)
    moved = transitions.after(
        open_, event, before, rules, lambda one: _cause(one, candidates, rules), has_passed=has_passed
    )
    writing.execute(
        "INSERT OR REPLACE INTO states VALUES (?, ?, ?, ?)",
        (key, event.at.timestamp(), has_passed or event.passed, event.value),
    )
    if moved.incident is None:
        return ()
    incident = moved.incident.model_copy(update={} if event.passed else {"run": run})
    if not event.passed:
        failing.append(incident)
    change = None if moved.change is None else moved.change.model_copy(update={"incident": incident})
    return _put(writing, transitions.Next(incident, change), rules)


def _cause(event: Event, candidates: Iterable[Incident], rules: Rules) -> Incident | None:
    """An incident of what the failing was made from: of the same run, or one that stopped it."""
    for one in candidates:
        stopping = one.status in ("open", "muted") and is_at_least(one.severity, "error")
        if stopping and rules.follows(event.subject, one.subject):
            return one
    return None


def _put(writing: sqlite3.Connection, moved: transitions.Next, rules: Rules) -> Sequence[Change]:
    """Keep an incident; what is told of it goes to those that are told of such incidents, its end to all of them."""
    incident, change = moved.incident, moved.change
    if incident is None:
        return ()
    if change is not None and change.what != "recovered":
        targets = tuple(dict.fromkeys((*incident.targets, *rules.targets(incident))))
        incident = incident.model_copy(update={"targets": targets})
    body = (incident.subject.key, incident.closed is None, incident.model_dump_json(), incident.id)
    known = writing.execute("UPDATE incidents SET subject = ?, is_open = ?, body = ? WHERE id = ?", body)
    if not known.rowcount:
        writing.execute("INSERT INTO incidents (subject, is_open, body, id) VALUES (?, ?, ?, ?)", body)
    return () if change is None else (change.model_copy(update={"incident": incident}),)


def _in_time(
    writing: sqlite3.Connection, incident: Incident, rules: Rules, now: datetime, is_known: Callable[[Subject], bool]
) -> transitions.Next:
    if not rules.knows(incident.subject) or not is_known(incident.subject):
        return transitions.closed(incident, now, _NO_LONGER)
    if incident.status == "muted" and _is_vain(writing, incident, rules, now):
        return transitions.announced(incident, incident.before)
    return transitions.raised(incident, incident, rules, now)


def _is_vain(writing: sqlite3.Connection, incident: Incident, rules: Rules, now: datetime) -> bool:
    """Whether what muted it has been over for so long that it should have recovered too."""
    causes = _incidents(writing, "WHERE id = ?", incident.muted_by)
    held = timedelta(minutes=rules.declared.hold_muted_minutes)
    return all(one.closed is not None and now - one.closed >= held for one in causes)
