"""The command that shows what is wrong, and what nobody could be told of yet."""

import json
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from sg_assets.cli.options import ListFormat, TextOrJson
from sg_assets.cli.terminal import console

if TYPE_CHECKING:
    from sg_assets.alerts.incidents import Incident, PendingNotice

app = typer.Typer()


@app.command()
def alerts(
    all_: Annotated[bool, typer.Option("--all", help="Show what is quiet and what ended, too.")] = False,
    retry: Annotated[bool, typer.Option("--retry", help="Try at once to deliver what could not be delivered.")] = False,
    format_: ListFormat = TextOrJson.text,
) -> None:
    """Show open incidents, those muted by another too, and notices that did not arrive."""
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
        told = retry_deliveries(project, lambda line: Console(stderr=True).print(Text(line), soft_wrap=True))
        Console(stderr=True).print(f"{told.arrived} delivered, {told.failed} failed, {told.held_back} held back")
    book = IncidentStore(incidents_path(project))
    try:
        shown = [one for one in book.incidents(closed=all_) if all_ or one.status != "quiet"]
        _show(shown, Outbox(book.database).waiting(), format_)
    finally:
        book.close()


def _show(incidents: "list[Incident]", waiting: "list[PendingNotice]", format_: TextOrJson) -> None:
    if format_ is TextOrJson.json:
        told = {
            "incidents": [one.model_dump(mode="json") for one in incidents],
            "undelivered": [one.model_dump(mode="json") for one in waiting],
        }
        console.print_json(json.dumps(told))
        return
    console.print(
        _incidents(incidents)
        if incidents
        else "Nothing is wrong that is told. --all shows what is quiet and what ended."
    )
    if waiting:
        console.print(_undelivered(waiting))


def _incidents(incidents: "list[Incident]") -> Table:
    fixed = [Column(name, no_wrap=True) for name in ("State", "Severity", "Since (UTC)")]
    table = Table(*fixed, Column("Failures", justify="right"), "What", "Seen", "Owner", box=None)
    for one in incidents:
        since, seen = one.opened.strftime("%Y-%m-%d %H:%M"), one.value or ""
        cells = [one.status, one.severity, since, str(one.failures), str(one.subject), seen, one.owner or ""]
        table.add_row(*map(Text, cells))
    return table


def _undelivered(waiting: "list[PendingNotice]") -> Table:
    table = Table(Column("Not delivered to", no_wrap=True), "Notice", "Attempts", "Why", box=None)
    for one in waiting:
        cells = [one.target, one.notice.title, str(one.attempts), one.reason or "not tried yet"]
        table.add_row(*map(Text, cells))
    return table
