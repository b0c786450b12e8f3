"""Materializing with progress in the terminal."""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from rich.text import Text

from sg_assets.cli.terminal import console, print_line

if TYPE_CHECKING:
    from sg_assets.declarations.batches import Batch
    from sg_assets.execution.runs import RunProgress
    from sg_assets.orchestration.project import Project
    from sg_assets.store.refs import Ref


def materialize_shown(project: "Project", refs: "Collection[Ref] | None") -> None:
    """Materialize partitions (all where none are given), with what runs now and a line for each run that ended.

    Raises:
        SgAssetsError: a step failed.
    """
    from sg_assets.execution.runs import materialize

    print_line(f"Profile {project.settings.profile}, everything under {project.settings.home}")
    with console.status("starting") as status:

        def show_running(batches: "Sequence[Batch]") -> None:
            status.update(Text(", ".join(batch.title for batch in batches)))

        def show_ended(progress: "RunProgress") -> None:
            took = " current" if progress.seconds is None else f"{progress.seconds:6.1f} s"
            print_line(f"{progress.done:>3}/{progress.total} {took}  {progress.batch.title}")

        materialize(project, show_running, show_ended, refs, print_line)
