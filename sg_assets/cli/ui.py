"""The command that opens the Dagster UI."""

import os
from typing import Annotated

import typer

from sg_assets.cli.terminal import console
from sg_assets.settings import read_settings

app = typer.Typer()


@app.command()
def ui(port: Annotated[int, typer.Option(help="Port on the loopback address.")] = 3000) -> None:
    """Open the Dagster UI on this machine. Ctrl-C or SIGTERM stops it and every process it started."""
    from sg_assets.execution.dagster_home import prepare_dagster_home
    from sg_assets.execution.server import run_server

    settings = read_settings()
    environment = {**os.environ, "DAGSTER_HOME": str(prepare_dagster_home(settings)), "SG_PROFILE": settings.profile}
    arguments = ["dev", "-w", str(settings.project / "workspace.yaml"), "-h", "127.0.0.1", "-p", str(port)]
    console.print(f"Dagster UI for profile {settings.profile}: http://127.0.0.1:{port}")
    raise typer.Exit(run_server(arguments, settings.project, environment))
