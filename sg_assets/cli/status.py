"""Commands on what is not up to date: status, plan, backfill."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from sg_assets.cli.progress import materialize_shown

if TYPE_CHECKING:
    from sg_assets.orchestration.asset_def import AssetDef
    from sg_assets.orchestration.project import Project
    from sg_assets.status.partition_status import Survey
    from sg_assets.status.plan import Plan
    from sg_assets.store.refs import Ref

app = typer.Typer()
console = Console()
Names = Annotated[
    list[str] | None,
    typer.Argument(help="A variant, a schema, schema/table or schema/table[partition]; everything where none is named"),
]


class Format(StrEnum):
    """How it is written."""

    text = "text"
    """For the terminal."""
    json = "json"
    """Every value, for programs."""


Written = Annotated[Format, typer.Option("--format", help="How it is written.")]


@app.command()
def status(
    names: Names = None,
    format_: Written = Format.text,
    every: Annotated[bool, typer.Option("--all", help="Show what is current, too.")] = False,
) -> None:
    """Say of every partition whether it is current, out of date and why, missing, quarantined, or failing checks."""
    from sg_assets.status.render.document import status_json
    from sg_assets.status.render.terminal import status as view
    from sg_assets.status.selection import chosen
    from sg_assets.status.summary import summary

    known = _known()
    refs = chosen(known.project.graph, known.project.declared.variants, names or [])
    standings = [known.survey[ref] for ref in refs]
    gone = [] if names else known.undeclared
    if format_ is Format.json:
        typer.echo(status_json(standings, gone), nl=False)
    else:
        console.print(view(summary(standings, gone, every=every or bool(names))), highlight=False)


@app.command()
def plan(names: Names = None, format_: Written = Format.text) -> None:
    """Say what it takes to bring the named ones up to date with all they are made from: steps, runs, cost."""
    from sg_assets.status.render.document import plan_json
    from sg_assets.status.render.terminal import plan as view

    found = _known().plan(names or [])
    if format_ is Format.json:
        typer.echo(plan_json(found), nl=False)
    else:
        console.print(view(found), highlight=False)


@app.command()
def backfill(
    names: Annotated[list[str], typer.Argument(help="Variants, schemas, assets or partitions, as for `plan`.")],
    server: Annotated[
        str | None,
        typer.Option(help="Launch it there as a Dagster backfill: the address of a running UI, http://127.0.0.1:3000."),
    ] = None,
) -> None:
    """Carry out the plan of what is named, and nothing else: here, or as one Dagster backfill of a running server."""
    known = _known()
    found = known.plan(names)
    if not found.steps:
        console.print("Everything is up to date: nothing to do.")
    elif server is not None:
        from sg_assets.orchestration.backfill import launch

        console.print(f"{server}/runs/b/{launch(server, list(found.steps))}", highlight=False, soft_wrap=True)
    else:
        materialize_shown(known.project, list(found.steps))


@dataclass(frozen=True)
class _Known:
    project: "Project"
    asset_defs: "Mapping[str, AssetDef]"
    survey: "Survey"

    @property
    def undeclared(self) -> "list[Ref]":
        from sg_assets.orchestration.project_status import undeclared_of

        return undeclared_of(self.project)

    def plan(self, names: Sequence[str]) -> "Plan":
        from sg_assets.orchestration.project_status import project_plan

        return project_plan(self.project, self.asset_defs, self.survey, names)


def _known() -> _Known:
    from sg_assets.orchestration.asset_defs import asset_defs_of
    from sg_assets.orchestration.project import load_project
    from sg_assets.orchestration.project_status import project_survey

    project = load_project()
    asset_defs = asset_defs_of(project)
    return _Known(project, asset_defs, project_survey(project, asset_defs))
