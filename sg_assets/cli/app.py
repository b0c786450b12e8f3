"""The command line: ``sg-assets``."""

import sys

import typer

from sg_assets.cli.accept import app as accept
from sg_assets.cli.alerts import app as alerts
from sg_assets.cli.history import app as history
from sg_assets.cli.migrate import app as migrate
from sg_assets.cli.release import app as release
from sg_assets.cli.repair_runs import app as repair_runs
from sg_assets.cli.reproduce import app as reproduce
from sg_assets.cli.run import app as run
from sg_assets.cli.status import app as status
from sg_assets.cli.terminal import print_error
from sg_assets.cli.ui import app as ui
from sg_assets.cli.versions import app as versions
from sg_assets.cli.why import app as why
from sg_assets.errors import SgAssetsError
from sg_assets.processes.teardown import quiet_teardown

app = typer.Typer(
    help="Versioned datasets, adapters and scores for LLM safety alignment. SG_PROFILE names the profile (demo).",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"max_content_width": 120},
    rich_markup_mode=None,  # rich would take the brackets of schema/table[partition] for markup, and leave them out
)
for commands in (run, ui, status, why, history, versions, accept, reproduce, release, alerts, migrate, repair_runs):
    app.add_typer(commands)


def main() -> None:
    """Run the command line; bad input ends in one readable line, not a traceback."""
    quiet_teardown()
    try:
        app()
    except SgAssetsError as error:
        print_error(error)
        sys.exit(1)
