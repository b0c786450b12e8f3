"""The command that lets versions count as made by today's code and libraries."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from sg_assets.cli.options import open_project
from sg_assets.cli.terminal import print_line, print_lines

if TYPE_CHECKING:
    from sg_assets.orchestration.project import Project

app = typer.Typer()


@app.command()
def accept(
    names: Annotated[
        list[str],
        typer.Argument(help="schema/table, schema/table[partition], 'schema/*', a variant, or all."),
    ],
    why: Annotated[str, typer.Option(help="The reason, for whoever reads it later.")],
    check: Annotated[
        bool,
        typer.Option("--check", help="First rebuild the cheapest partition that each change affects, and compare."),
    ] = False,
    undo: Annotated[bool, typer.Option("--undo", help="Undo the last acceptance of each partition instead.")] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="Record without asking; with --check, call models whatever the cost.")
    ] = False,
) -> None:
    """Let versions count as made by today's code and libraries, where a change moves no result.

    Shows the diff first. Exits with 1 if a version is refused, or if nothing was recorded because the question
    was not answered with yes.
    """
    from sg_assets.status.record_acceptance import required_reason

    project, reason = open_project(), required_reason(why)
    if undo:
        _undo(project, names, reason, yes=yes)
    else:
        _accept(project, names, reason, check=check, yes=yes)


def _accept(project: "Project", names: list[str], why: str, *, check: bool, yes: bool) -> None:
    from sg_assets.orchestration.acts.project_acceptance import check as rebuilt
    from sg_assets.orchestration.acts.project_acceptance import project_acceptances
    from sg_assets.orchestration.asset_defs import asset_defs_of
    from sg_assets.status.record_acceptance import record
    from sg_assets.status.render.acceptance_lines import acceptance_lines
    from sg_assets.store.catalogue import rebuild

    accepting = project_acceptances(project, asset_defs_of(project), names)
    print_lines(acceptance_lines(accepting))
    if accepting.accepted:
        if check:
            print_lines(rebuilt(project, accepting, paid=yes))
        _require_yes(f"Let {len(accepting.accepted)} versions count as made by today's code and libraries?", yes=yes)
        record(project.store, accepting, why)
        rebuild(project.store)
        print_line(f"{len(accepting.accepted)} accepted: {why}")
    if accepting.refused:
        raise typer.Exit(1)


def _undo(project: "Project", names: list[str], why: str, *, yes: bool) -> None:
    from sg_assets.orchestration.acts.project_acceptance import project_undoable
    from sg_assets.status.record_acceptance import undo
    from sg_assets.status.render.acceptance_lines import undo_lines
    from sg_assets.store.catalogue import rebuild

    marks = project_undoable(project, names)
    print_lines(undo_lines(marks))
    _require_yes(f"Undo {len(marks)} acceptances?", yes=yes)
    undo(project.store, marks, why)
    rebuild(project.store)
    print_line(f"{len(marks)} undone: {why}")


def _require_yes(question: str, *, yes: bool) -> None:
    """Go on only where a person says so: at a terminal, or by ``--yes``."""
    if yes or (sys.stdin.isatty() and typer.confirm(question)):
        return
    print_line("Nothing was recorded. Add --yes to record it.")
    raise typer.Exit(1)
