"""The command line: ``sg-assets``."""

import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from sg_assets.errors import SgAssetsError, nearest
from sg_assets.settings import read_settings
from sg_assets.teardown import quiet_teardown

if TYPE_CHECKING:
    from sg_assets.assets.project import Project
    from sg_assets.store.refs import Ref
    from sg_assets.store.store import Store

app = typer.Typer(help="A registry for safety-alignment work.", no_args_is_help=True, pretty_exceptions_enable=False)
console = Console()


def main() -> None:
    """Run the command line; bad input ends in one readable line, not a traceback."""
    quiet_teardown()
    try:
        app()
    except SgAssetsError as error:
        Console(stderr=True).print(Text("error ", style="bold red") + Text(str(error)), soft_wrap=True)
        sys.exit(1)


@app.command()
def run(
    assets: Annotated[
        list[str] | None, typer.Argument(help="schema/table or schema/table[partition]; everything where none is named")
    ] = None,
) -> None:
    """Materialize the assets named and all they are made from; without names everything, and show the results."""
    from sg_assets.assets.project import load_project
    from sg_assets.declarations.batches import Batch, needed
    from sg_assets.runs import Progress, materialize
    from sg_assets.store.refs import Ref

    project = load_project()
    wanted = needed(project.graph, [Ref.parse(one) for one in assets]) if assets else None
    console.print(f"Profile [bold]{project.settings.profile}[/], everything under {project.settings.home}")
    with console.status("starting") as status:

        def started(place: int, total: int, batch: Batch) -> None:
            status.update(f"{place}/{total} {batch.title}")

        def told(progress: Progress) -> None:
            line = f"{progress.place:>3}/{progress.total} {progress.seconds:6.1f} s  {progress.batch.title}"
            console.print(line, highlight=False, markup=False)

        materialize(project, started, told, wanted)
    if wanted is None:
        _show(project)


@app.command()
def results() -> None:
    """Show the published results."""
    from sg_assets.assets.project import load_project

    _show(load_project())


@app.command()
def versions(asset: Annotated[str, typer.Argument(help="schema/table or schema/table[partition]")]) -> None:
    """List the versions of an asset, newest first; a star marks the current one."""
    from sg_assets.store.refs import Ref

    store = _store()
    refs = _partitions(store, Ref.parse(asset))
    version = Column("Version", no_wrap=True, min_width=35)
    table = Table("", version, Column("Made", no_wrap=True), "Rows", "Partition", box=None)
    for ref in refs:
        current = store.required_head(ref).version
        for one in reversed(store.versions(ref)):
            mark = "*" if one.version == current else ""
            rows = "" if one.rows is None else str(one.rows)
            table.add_row(mark, one.version, one.finished.strftime("%Y-%m-%d %H:%M"), rows, one.partition or "")
    console.print(table)


@app.command()
def show(version: Annotated[str, typer.Argument(help="A version's id")]) -> None:
    """Show a version's manifest: what it is, the exact versions it was made from, and how."""
    console.print_json(_store().find(version).model_dump_json())


@app.command()
def clean(
    hours: Annotated[float, typer.Option(help="Leave alone what is younger.", min=1)] = 24,
    delete: Annotated[
        bool, typer.Option("--delete", help="Remove what is found; without it nothing is touched.")
    ] = False,
) -> None:
    """Find what killed writers left behind: staged work and content that no version names."""
    from sg_assets.store.leftovers import leftovers, remove

    store = _store()
    found = leftovers(store, timedelta(hours=hours), datetime.now(UTC))
    for one in found:
        console.print(f"{one.bytes:>12,}  {one.reason}  {one.name}", highlight=False, markup=False, soft_wrap=True)
        if delete:
            remove(store, one)
    verb = "removed" if delete else "found, nothing removed (--delete removes them)"
    console.print(f"{len(found)} leftovers, {sum(one.bytes for one in found):,} bytes: {verb}")


@app.command()
def ui(
    port: Annotated[int, typer.Option(help="Port on the loopback address.")] = 3000,
) -> None:
    """Open the Dagster UI on the loopback address; stop it with Ctrl-C."""
    from sg_assets.runs import prepare_dagster_home

    settings = read_settings()
    environment = {**os.environ, "DAGSTER_HOME": str(prepare_dagster_home(settings)), "SG_PROFILE": settings.profile}
    dagster = str(Path(sys.executable).with_name("dagster"))
    arguments = [dagster, "dev", "-w", str(settings.project / "workspace.yaml"), "-h", "127.0.0.1", "-p", str(port)]
    console.print(f"Dagster UI for profile {settings.profile}: http://127.0.0.1:{port}")
    os.chdir(settings.project)
    os.execve(dagster, arguments, environment)  # noqa: S606 - the server takes this process's place


def _store() -> "Store":
    from sg_assets.store.store import Store

    settings = read_settings()
    return Store(settings.store_root, settings.profile)


def _partitions(store: "Store", named: "Ref") -> "list[Ref]":
    """The partition named, or all of an asset's."""
    known = store.refs()
    found = [ref for ref in known if ref == named or (named.partition is None and ref.asset == named.asset)]
    if not found:
        remedy = nearest(str(named), {*map(str, known), *(ref.asset for ref in known)})
        raise SgAssetsError(f"{named} has no version", remedy=remedy)
    return found


def _show(project: "Project") -> None:
    from sg_assets.assets.reports import published_results
    from sg_assets.reports.terminal import table
    from sg_assets.store.refs import Ref

    manifest = project.store.required_head(Ref.of("reports/results"))
    console.print(table(published_results(project, manifest)))
    console.print(f"Page: {project.store.path(manifest) / 'index.html'}", soft_wrap=True)
    console.print("Graph, runs and pictures: make ui")
