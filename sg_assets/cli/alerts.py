"""The command that shows incidents and undelivered notices."""

import json
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Column, Table
from rich.text import Text

from sg_assets.cli.options import ListFormat, TextOrJson
from sg_assets.cli.terminal import console, print_error_line

if TYPE_CHECKING:
    from sg_assets.alerts.incidents import Incident, PendingNotice

app = typer.Typer()


@app.command()
def alerts(
    all_: Annotated[bool, typer.Option("--all", help="Show quiet and closed incidents, too.")] = False,
    retry: Annotated[bool, typer.Option("--retry", help="Try at once to deliver undelivered notices.")] = False,
    format_: ListFormat = TextOrJson.text,
) -> None:
    """Show open and muted incidents, and notices that could not be delivered."""
    from sg_assets.alerts.incident_store import IncidentStore
    from sg_assets.alerts.outbox import Outbox
    from sg_assets.orchestration.monitoring import retry_deliveries
    from sg_assets.orchestration.project import load_project
    from sg_assets.orchestration.project_incidents import incidents_path

    project = load_project()
    if not incidents_path(project).exists():
        _show([], [], format_)
        return
    if retry:
        delivered = retry_deliveries(project, print_error_line)
        print_error_line(f"{delivered.arrived} delivered, {delivered.failed} failed, {delivered.held_back} held back")
    store = IncidentStore(incidents_path(project))
    try:
        shown = [incident for incident in store.incidents(closed=all_) if all_ or incident.status != "quiet"]
        _show(shown, Outbox(store.database).waiting(), format_)
    finally:
        store.close()


def _show(incidents: "list[Incident]", waiting: "list[PendingNotice]", format_: TextOrJson) -> None:
    if format_ is TextOrJson.json:
        document = {
            "incidents": [incident.model_dump(mode="json") for incident in incidents],
            "undelivered": [notice.model_dump(mode="json") for notice in waiting],
        }
        console.print_json(json.dumps(document))
        return
    console.print(_incidents(incidents) if incidents else "No open incidents. --all shows quiet and closed ones, too.")
    if waiting:
        console.print(_undelivered(waiting))


def _incidents(incidents: "list[Incident]") -> Table:
    fixed = [Column(name, no_wrap=True) for name in ("State", "Severity", "Since (UTC)")]
    table = Table(*fixed, Column("Failures", justify="right"), "Subject", "Observed", "Owner", box=None)
    for incident in incidents:
        since, seen = incident.opened.strftime("%Y-%m-%d %H:%M"), incident.value or ""
        cells = [
            incident.status,
            incident.severity,
            since,
            str(incident.failures),
            str(incident.subject),
            seen,
            incident.owner or "",
        ]
        table.add_row(*map(Text, cells))
    return table


def _undelivered(waiting: "list[PendingNotice]") -> Table:
    table = Table(Column("Not delivered to", no_wrap=True), "Notice", "Attempts", "Why", box=None)
    for notice in waiting:
        cells = [notice.target, notice.notice.title, str(notice.attempts), notice.reason or "not tried yet"]
        table.add_row(*map(Text, cells))
    return table
