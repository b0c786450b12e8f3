"""The commands for labels of people: writing a sheet of drawn answers, and taking it back."""

from pathlib import Path
from typing import Annotated

import typer

from sg_assets.cli.options import open_project
from sg_assets.cli.terminal import print_error_line, print_line, print_lines
from sg_assets.text.lists import counted

app = typer.Typer(help="Labels of people: draw answers for them, and take their labels.", no_args_is_help=True)


@app.command()
def sample(  # noqa: PLR0917 - typer takes them by name
    name: Annotated[str, typer.Argument(metavar="FLAG-OR-JUDGE", help="The flag to ask about, or a judge of it.")],
    benchmark: Annotated[
        str | None, typer.Option(help="Draw from this benchmark alone; by default from all that have the flag.")
    ] = None,
    variants: Annotated[
        list[str] | None,
        typer.Option(help="Draw from this variant; may be given several times. By default from all with answers."),
    ] = None,
    count: Annotated[int, typer.Option("--n", help="How many answers to draw.", min=1, max=100_000)] = 200,
    seed: Annotated[int, typer.Option(help="Another seed draws other answers.", min=0, max=2**32 - 1)] = 0,
    out: Annotated[Path | None, typer.Option(help="The sheet to write; labels_FLAG.csv by default.")] = None,
) -> None:
    """Draw answers for people to label, and write them to a sheet (CSV) that spreadsheets open.

    A quarter is drawn at random, the rest where judges disagree or are near their threshold, each with a known
    probability. Scores of judges are not in the sheet. Several people may each fill in a copy.
    """
    from sg_assets.orchestration.label_sheets import Draw, draw_sheet

    project = open_project()
    file = out or Path(f"labels_{name}.csv")
    draw = Draw(name, count, seed, benchmark, tuple(variants or ()))
    drawn = draw_sheet(project, draw, file, print_error_line)
    details = drawn.sample.details
    strata = ", ".join(f"{number} {stratum}" for stratum, number in details["strata"].items())
    print_lines(f"not drawn from: {reason}" for reason in drawn.passed_over)
    print_lines(
        [
            f"{file}: {counted(details['drawn'], 'answer')} of {details['answers']:,}, {details['at_random']} of them"
            f" from all alike (sample {drawn.sample.version})",
            f"by stratum: {strata}",
            "Fill in the column `label`: yes, no or undecided - is the flag true of the answer? Change nothing else,",
            "and save as CSV UTF-8. An apostrophe at the start of a cell keeps spreadsheets from computing it.",
            f"Then: sg-assets label import {file} --annotator NAME",
        ]
    )


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="A sheet of `sg-assets label sample`, filled in.")],
    annotator: Annotated[str, typer.Option(help="Who gave the labels.")],
) -> None:
    """Take in the labels of a sheet as a version of labels/answers: all of them, or none where a row is wrong.

    Nothing is taken away: of one person's labels of an answer the last counts, and earlier ones are kept.
    """
    from sg_assets.orchestration.acts.downstream import backfill_command
    from sg_assets.orchestration.acts.import_labels import after_import
    from sg_assets.orchestration.label_sheets import import_sheet

    project = open_project()
    imported = import_sheet(project, file, annotator, print_error_line)
    if imported.outcome is None:
        print_line(f"{file}: taken in before as labels of this person; nothing to do")
        return
    version = imported.outcome.manifest
    left = f"; {imported.unlabelled} drawn answers have none yet" if imported.unlabelled else ""
    print_line(f"{version.ref}: {version.version} has {counted(imported.labels, 'label')} more{left}")
    print_line(f"To compare judges with them: {backfill_command(after_import(project))}")
