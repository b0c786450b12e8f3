"""A small graph with declared alerts, and events in it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sg_assets.alerts.delivery import DeliveryCounts, deliver
from sg_assets.alerts.incident_store import IncidentStore
from sg_assets.alerts.incidents import Event, Notice, RunOutcome, Subject
from sg_assets.alerts.outbox import Outbox
from sg_assets.alerts.rules import AlertRules
from sg_assets.declarations.graph import Edge, Graph, Node
from sg_assets.declarations.records.alerts import Alerts, Severity

START = datetime(2026, 1, 1, tzinfo=UTC)
GRAPH = Graph(
    {
        "raw/a": Node("raw/a", None),
        "scores/b": Node("scores/b", ("x", "y"), (Edge("raw/a", {"x": (None,), "y": (None,)}),)),
        "reports/c": Node("reports/c", None, (Edge("scores/b", {None: ("x", "y")}),)),
        "scores/alone": Node("scores/alone", None),
    }
)
TO_FILE: dict[str, Any] = {"routes": [{"to": ["file"]}]}
A = Subject(kind="check", asset="raw/a", name="few")
B = Subject(kind="step", asset="scores/b", partition="x")
C = Subject(kind="step", asset="reports/c")
ALONE = Subject(kind="check", asset="scores/alone", name="few")


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def rules(**declared: Any) -> AlertRules:
    return AlertRules("tiny", Alerts.model_validate({**TO_FILE, **declared}), GRAPH)


def event(
    subject: Subject, minutes: float, *, passed: bool = False, severity: Severity = "error", value: str | None = None
) -> Event:
    return Event(subject=subject, passed=passed, at=at(minutes), severity=severity, value=value)


def run(store: IncidentStore, declared: AlertRules, minutes: float, *events: Event, name: str | None = None) -> None:
    """Record a run that ended."""
    store.record_run(RunOutcome(run=name or f"run{minutes:g}", events=events), declared, at(minutes))


def notices(store: IncidentStore, target: str = "file") -> list[Notice]:
    """All notices of a target in the outbox, delivered or not, in order."""
    rows = store.database.rows(
        "SELECT body FROM deliveries JOIN notices ON notices.id = notice WHERE target = ? ORDER BY notices.rowid",
        target,
    )
    return [Notice.model_validate_json(str(body)) for (body,) in rows]


def sent_changes(store: IncidentStore, target: str = "file") -> list[list[str]]:
    """The changes of each notice, each with its subject."""
    return [
        [f"{change.kind} {change.incident.subject}" for change in notice.changes] for notice in notices(store, target)
    ]


def waiting(store: IncidentStore) -> list[str]:
    """Targets of the notices that have not arrived yet."""
    return [pending.target for pending in Outbox(store.database).waiting()]


TO_HOOK = rules(routes=[{"to": ["HOOK"]}])


def no_terminal(_: str) -> None:
    raise AssertionError("nothing goes to the terminal here")


def deliver_at(store: IncidentStore, declared: AlertRules, minutes: float, **environment: str) -> DeliveryCounts:
    return deliver(store, declared, no_terminal, now=lambda: at(minutes), environment=environment)


def break_and_mend(store: IncidentStore, declared: AlertRules) -> None:
    run(store, declared, 1, event(A, 1, value="failing 3"))
    run(store, declared, 2, event(A, 2))
    run(store, declared, 3, event(A, 3, passed=True))
