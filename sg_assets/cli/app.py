"""The command line: ``sg-assets``."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

from sg_assets.cli.accept import app as accept
from sg_assets.cli.alerts import app as alerts
from sg_assets.cli.history import app as history
from sg_assets.cli.migrate import app as migrate
from sg_assets.cli.progress import materialize_shown
from sg_assets.cli.release import app as release
from sg_assets.cli.reproduce import app as reproduce
from sg_assets.cli.status import app as status
from sg_assets.cli.versions import app as versions
from sg_assets.cli.why import app as why
from sg_assets.errors import SgAssetsError
from sg_assets.processes.teardown import quiet_teardown
from sg_assets.settings import read_settings

if TYPE_CHECKING:
    from sg_assets.orchestration.project import Project

app = typer.Typer(help="A registry for safety-alignment work.", no_args_is_help=True, pretty_exceptions_enable=False)
app.add_typer(versions)
app.add_typer(migrate)
app.add_typer(why)
app.add_typer(history)
app.add_typer(reproduce)
app.add_typer(release)
app.add_typer(status)
app.add_typer(accept)
app.add_typer(alerts)
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
    from sg_assets.declarations.batches import needed
    from sg_assets.orchestration.project import load_project
    from sg_assets.store.refs import Ref

    project = load_project()
    wanted = needed(project.graph, [Ref.parse(one) for one in assets]) if assets else None
    materialize_shown(project, wanted)
    if wanted is None:
        _show(project)


@app.command()
def results() -> None:
    """Show the published results."""
    from sg_assets.orchestration.project import load_project

    _show(load_project())


@app.command()
def ui(
    port: Annotated[int, typer.Option(help="Port on the loopback address.")] = 3000,
) -> None:
    """Open the Dagster UI on the loopback address; stop it with Ctrl-C."""
    from sg_assets.execution.runs import prepare_dagster_home

    settings = read_settings()
    environment = {**os.environ, "DAGSTER_HOME": str(prepare_dagster_home(settings)), "SG_PROFILE": settings.profile}
    dagster = str(Path(sys.executable).with_name("dagster"))
    arguments = [dagster, "dev", "-w", str(settings.project / "workspace.yaml"), "-h", "127.0.0.1", "-p", str(port)]
    console.print(f"Dagster UI for profile {settings.profile}: http://127.0.0.1:{port}")
    os.chdir(settings.project)
    os.execve(dagster, arguments, environment)  # noqa: S606 - the server takes this process's place


def _show(project: "Project") -> None:
    from sg_assets.orchestration.assets.reports import published_report
    from sg_assets.reports.render.terminal import answers, table
    from sg_assets.store.refs import Ref

    manifest = project.store.required_head(Ref.of("reports/results"))
    report = published_report(project, manifest)
    console.print(table(report.results.headlines))
    if report.answers:
        console.print(answers(report.answers))
    console.print(f"Page: {project.store.path(manifest) / 'index.html'}", soft_wrap=True)
    console.print("Graph, runs and pictures: make ui")
