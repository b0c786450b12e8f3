"""The command that mends Dagster's records of runs."""

import typer

from sg_assets.cli.terminal import print_line
from sg_assets.settings import read_settings

app = typer.Typer()


@app.command("repair-runs")
def repair_runs() -> None:
    """Mend Dagster's damaged records of runs. Old files are kept beside the new ones; the store is not touched."""
    from sg_assets.execution.dagster_home import prepare_dagster_home
    from sg_assets.execution.instance_repair import repair_records

    settings = read_settings()
    mended = repair_records(settings.dagster_home)
    for file in mended:
        carried = f"{file.rows} rows carried over{'' if file.is_whole else ', the rest could not be read'}"
        print_line(f"{file.path}: {file.reason}; {carried}; the old file is {file.kept_as}")
    prepare_dagster_home(settings)
    print_line(f"{len(mended)} files mended." if mended else "Dagster's records are in order.")
