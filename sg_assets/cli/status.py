"""Commands on what is not up to date: status, plan, backfill."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from sg_assets.cli.options import ListFormat, TextOrJson, checked_address, open_project
from sg_assets.cli.progress import materialize_shown
from sg_assets.cli.terminal import console, print_document, print_line

if TYPE_CHECKING:
    from sg_assets.orchestration.asset_def import AssetDef
    from sg_assets.orchestration.project import Project
    from sg_assets.status.partition_status import Survey
    from sg_assets.status.plan import Plan
    from sg_assets.store.refs import Ref

app = typer.Typer()
Names = Annotated[
    list[str] | None,
    typer.Argument(help="A variant, a schema, schema/table, or schema/table[partition]; by default everything."),
]


@app.command()
def status(
    names: Names = None,
    format_: ListFormat = TextOrJson.text,
    every: Annotated[bool, typer.Option("--all", help="List current partitions, too.")] = False,
) -> None:
    """Show which partitions are current, out of date (and why), missing, quarantined, or failing checks."""
    from sg_assets.people.judge_standing import current_standings
    from sg_assets.status.render.document import status_json
    from sg_assets.status.render.terminal import status as view
    from sg_assets.status.selection import selected_refs
    from sg_assets.status.summary import summary

    state = _state(names or [])
    declared = state.project.declared
    refs = selected_refs(state.project.graph, declared.variants, declared.named(names or []))
    statuses = [state.survey[ref] for ref in refs]
    undeclared = [] if names else state.undeclared
    judges = current_standings(state.project.store, state.project.declared)
    if format_ is TextOrJson.json:
        print_document(status_json(statuses, undeclared, [asdict(standing) for standing in judges]))
    else:
        shown = summary(statuses, undeclared, every=every or bool(names), judges=list(map(str, judges)))
        console.print(view(shown), highlight=False)


@app.command()
def plan(names: Names = None, format_: ListFormat = TextOrJson.text) -> None:
    """Show the runs, and their cost, that bring partitions and everything they are built from up to date."""
    from sg_assets.status.render.document import plan_json
    from sg_assets.status.render.terminal import plan as view

    steps = _state(names or []).plan(names or [])
    if format_ is TextOrJson.json:
        print_document(plan_json(steps))
    else:
        console.print(view(steps), highlight=False)


@app.command()
def backfill(
    names: Annotated[list[str], typer.Argument(help="Variants, schemas, assets, or partitions, as for `plan`.")],
    server: Annotated[
        str | None,
        typer.Option(
            help="Launch a Dagster backfill on a running UI at this address, such as http://127.0.0.1:3000.",
            callback=checked_address,
        ),
    ] = None,
) -> None:
    """Carry out the plan of the named partitions, here or as a Dagster backfill on a running server."""
    state = _state(names)
    steps = list(state.plan(names).steps)
    if not steps:
        print_line("Everything is up to date: nothing to do.")
    elif server is not None:
        from sg_assets.orchestration.backfill import launch

        print_line(f"{server}/runs/b/{launch(server, steps)}")
    else:
        materialize_shown(state.project, steps)


@dataclass(frozen=True)
class _State:
    """A project, and the status of its partitions now."""

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


def _state(names: Sequence[str]) -> _State:
    """The state of everything; names that match nothing are refused before it is computed, which takes seconds."""
    from sg_assets.orchestration.asset_defs import asset_defs_of
    from sg_assets.orchestration.project_status import project_survey
    from sg_assets.status.selection import selected_refs

    project = open_project()
    selected_refs(project.graph, project.declared.variants, project.declared.named(names))
    asset_defs = asset_defs_of(project)
    return _State(project, asset_defs, project_survey(project, asset_defs))
