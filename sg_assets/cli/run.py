"""Commands that materialize, and that show the results."""

from typing import TYPE_CHECKING, Annotated

import typer

from sg_assets.cli.options import open_project
from sg_assets.cli.progress import materialize_shown
from sg_assets.cli.terminal import console, print_line

if TYPE_CHECKING:
    from sg_assets.orchestration.project import Project

app = typer.Typer()


@app.command()
def run(
    assets: Annotated[
        list[str] | None,
        typer.Argument(help="schema/table, or schema/table[partition]; by default all assets."),
    ] = None,
) -> None:
    """Materialize assets and everything they are built from. Without names: all assets; then show the results."""
    from sg_assets.declarations.batches import needed
    from sg_assets.store.refs import Ref

    named = [Ref.parse(asset) for asset in assets or []]
    project = open_project()
    wanted = needed(project.graph, named) if named else None
    materialize_shown(project, wanted)
    if wanted is None:
        _show(project)


@app.command()
def results() -> None:
    """Show the published results."""
    _show(open_project())


def _show(project: "Project") -> None:
    from sg_assets.orchestration.assets.reports import published_report
    from sg_assets.reports.render.terminal import answers, table
    from sg_assets.store.refs import Ref

    manifest = project.store.required_head(Ref.of("reports/results"))
    report = published_report(project, manifest)
    console.print(table(report.results.headlines))
    if report.answers:
        console.print(answers(report.answers))
    print_line(f"Page: {project.store.location(manifest) / 'index.html'}")
    print_line("Graph, runs and pictures: make ui")
