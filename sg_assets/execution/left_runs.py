"""What every command does first about runs that an earlier process left: they are ended, named and alerted."""

import sqlite3
from collections.abc import Callable

from sg_assets.errors import SgAssetsError
from sg_assets.processes.presence import PRESENCES, gone
from sg_assets.settings import read_settings


def settle_left_runs(print_line: Callable[[str], None]) -> None:
    """End runs whose process is gone, name them, and raise their alerts; quick where every process ended as it should.

    A command goes on whatever happens here: it may be the one that mends it.

    Args:
        print_line: Prints a line for people, apart from the command's output.
    """
    try:
        left = gone(read_settings().dagster_home / PRESENCES)
    except (SgAssetsError, OSError):
        return  # the command itself says what is wrong with the settings
    if not left:
        return
    try:
        _settle(print_line)
    except (SgAssetsError, sqlite3.Error, OSError) as error:
        print_line(f"the runs that {left[0]} left could not be ended: {error}")


def _settle(print_line: Callable[[str], None]) -> None:
    from sg_assets.execution.dagster_home import open_instance
    from sg_assets.orchestration.dead_runs import end_dead_runs
    from sg_assets.orchestration.monitoring import raise_alerts
    from sg_assets.orchestration.project import load_project

    project = load_project()
    with open_instance(project.settings) as instance:
        ended = end_dead_runs(instance)
        for run in ended:
            print_line(str(run))
        if ended:
            raise_alerts(instance, project, print_line)
