"""The command that opens the Dagster UI."""

import os
from typing import Annotated

import typer

from sg_assets.cli.terminal import print_line
from sg_assets.processes.presence import PRESENCES, SERVER_TITLE, presence
from sg_assets.settings import read_settings

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
    from sg_assets.execution.request_guard import HOSTS_VARIABLE, declared_hosts
    from sg_assets.execution.server import READ_ONLY_VARIABLE, require_free_port, run_server

    settings = read_settings()
    declared_hosts(os.environ.get(HOSTS_VARIABLE, ""))
    require_free_port(_HOST, port)
    home = prepare_dagster_home(settings)
    environment = {**os.environ, "DAGSTER_HOME": str(home), "SG_PROFILE": settings.profile}
    environment |= {READ_ONLY_VARIABLE: "1"} if read_only else {}
    arguments = ["dev", "-w", str(settings.project / "workspace.yaml"), "-h", _HOST, "-p", str(port)]
    print_line(f"Dagster UI for profile {settings.profile}: http://{_HOST}:{port}")
    with presence(home / PRESENCES, SERVER_TITLE):
        status = run_server(arguments, settings.project, environment)
    raise typer.Exit(status)
