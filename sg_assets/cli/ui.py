"""The command that opens the Dagster UI."""

import os
from pathlib import Path
from typing import Annotated

import typer

from sg_assets.cli.terminal import print_line
from sg_assets.errors import SgAssetsError
from sg_assets.processes.presence import PRESENCES, SERVER_TITLE, presence
from sg_assets.settings import Settings, read_settings

app = typer.Typer()
_HOST = "127.0.0.1"
"""Nobody elsewhere reaches it: what opens it to others is a proxy that asks for a login."""


@app.command()
def ui(
    port: Annotated[int, typer.Option(help="Port on the loopback address.", min=1, max=65535)] = 3000,
    read_only: Annotated[
        bool, typer.Option("--read-only", help="Show everything, launch and change nothing from the browser.")
    ] = False,
) -> None:
    """Open the Dagster UI on this machine. Ctrl-C or SIGTERM stops it and every process it started."""
    from sg_assets.execution.dagster_home import prepare_dagster_home
    from sg_assets.execution.gpu_pool import size_gpu_pool_of_server
    from sg_assets.execution.request_guard import HOSTS_VARIABLE, declared_hosts
    from sg_assets.execution.server import READ_ONLY_VARIABLE, require_free_port, run_server

    settings = read_settings()
    declared_hosts(os.environ.get(HOSTS_VARIABLE, ""))
    require_free_port(_HOST, port)
    workspace = _workspace(settings)
    home = prepare_dagster_home(settings)
    _require_incidents(settings)
    size_gpu_pool_of_server(settings)
    environment = {**os.environ, "DAGSTER_HOME": str(home), "SG_PROFILE": settings.profile}
    environment |= {READ_ONLY_VARIABLE: "1"} if read_only else {}
    arguments = ["dev", "-w", str(workspace), "-h", _HOST, "-p", str(port)]
    print_line(f"Dagster UI for profile {settings.profile}: http://{_HOST}:{port}")
    with presence(home / PRESENCES, SERVER_TITLE):
        status = run_server(arguments, settings.project, environment)
    raise typer.Exit(status)


def _workspace(settings: Settings) -> Path:
    """The file in which Dagster reads where the definitions are.

    Raises:
        SgAssetsError: the project has none.
    """
    workspace = settings.project / "workspace.yaml"
    if not workspace.is_file():
        remedy = "Copy workspace.yaml there from the checkout of sg_assets"
        raise SgAssetsError("there is no such file", where=str(workspace), remedy=remedy)
    return workspace


def _require_incidents(settings: Settings) -> None:
    """Raise where the incidents cannot be used: the daemon would say so in a traceback, every half minute.

    Raises:
        SgAssetsError: names the file and what mends it.
    """
    from sg_assets.alerts.incident_store import IncidentStore
    from sg_assets.orchestration.project_incidents import INCIDENTS_FILE

    path = settings.home / INCIDENTS_FILE
    if path.exists():
        IncidentStore(path).close()
