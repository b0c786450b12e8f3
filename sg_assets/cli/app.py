"""The command line: ``sg-assets``."""

import os
import sys
from pathlib import Path

import typer

from sg_assets.cli.accept import app as accept
from sg_assets.cli.alerts import app as alerts
from sg_assets.cli.history import app as history
from sg_assets.cli.label import app as label
from sg_assets.cli.migrate import app as migrate
from sg_assets.cli.options import require_plain
from sg_assets.cli.release import app as release
from sg_assets.cli.repair import app as repair
from sg_assets.cli.repair_runs import app as repair_runs
from sg_assets.cli.reproduce import app as reproduce
from sg_assets.cli.run import app as run
from sg_assets.cli.status import app as status
from sg_assets.cli.terminal import prepare_streams, print_error, print_error_line
from sg_assets.cli.ui import app as ui
from sg_assets.cli.unexpected import TRACEBACK_VARIABLE, in_words
from sg_assets.cli.versions import app as versions
from sg_assets.cli.why import app as why
from sg_assets.errors import SgAssetsError
from sg_assets.processes.faults import as_named
from sg_assets.processes.file_access import limit_file_access
from sg_assets.processes.teardown import quiet_teardown
from sg_assets.settings import read_settings

app = typer.Typer(
    help="Versioned datasets, adapters and scores for LLM safety alignment. SG_PROFILE names the profile (demo).",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"max_content_width": 120},
    rich_markup_mode=None,  # rich would take the brackets of schema/table[partition] for markup, and leave them out
)
for commands in (
    run,
    ui,
    status,
    why,
    history,
    versions,
    accept,
    reproduce,
    release,
    alerts,
    migrate,
    repair,
    repair_runs,
):
    app.add_typer(commands)
app.add_typer(label, name="label")


@app.callback()
def before_each() -> None:
    """Versioned datasets, adapters and scores for LLM safety alignment. SG_PROFILE names the profile (demo)."""
    from sg_assets.execution.left_runs import settle_left_runs

    settle_left_runs(print_error_line)


def main() -> None:
    """Run the command line; bad input and faults of the machine end in one readable line, not a traceback."""
    quiet_teardown()
    prepare_streams()
    # A folder that a command is run in may be anybody's: its modules are not imported by the processes we start.
    os.environ.setdefault("PYTHONSAFEPATH", "1")
    try:
        require_plain(sys.argv[1:])
        limit_file_access()
        app()
    except SgAssetsError as error:
        print_error(error)
        sys.exit(1)
    except Exception as error:
        if os.environ.get(TRACEBACK_VARIABLE):
            raise
        print_error(as_named(error, folder=_home()) or in_words(error))
        sys.exit(1)


def _home() -> Path | None:
    try:
        return read_settings().home
    except (SgAssetsError, OSError, ValueError):
        return None
