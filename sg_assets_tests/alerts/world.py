"""A small graph, what is declared of its alerts, and things that happen in it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sg_assets.alerts.incident_store import IncidentStore
from sg_assets.alerts.incidents import Event, Notice, Report, Subject
from sg_assets.alerts.outbox import Outbox
from sg_assets.alerts.rules import Rules
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


def rules(**declared: Any) -> Rules:
    return Rules("tiny", Alerts.model_validate({**TO_FILE, **declared}), GRAPH)


def event(
    subject: Subject, minutes: float, *, passed: bool = False, severity: Severity = "error", value: str | None = None
) -> Event:
    return Event(subject=subject, passed=passed, at=at(minutes), severity=severity, value=value)


def run(book: IncidentStore, of: Rules, minutes: float, *events: Event, name: str | None = None) -> None:
    """A run that ended, and what is told of it."""
    book.take(Report(run=name or f"run{minutes:g}", events=events), of, at(minutes))


def notices(book: IncidentStore, target: str = "file") -> list[Notice]:
    """Everything in the outbox for a target, delivered or not, in order."""
    rows = book.tables.rows(
        "SELECT body FROM deliveries JOIN notices ON notices.id = notice WHERE target = ? ORDER BY notices.rowid",
        target,
    )
    return [Notice.model_validate_json(str(body)) for (body,) in rows]


def told(book: IncidentStore, target: str = "file") -> list[list[str]]:
    """What each notice tells: change and subject."""
    return [[f"{one.what} {one.incident.subject}" for one in notice.changes] for notice in notices(book, target)]


def waiting(book: IncidentStore) -> list[str]:
    """Targets of what did not arrive yet."""
    return [one.target for one in Outbox(book.tables).waiting()]
