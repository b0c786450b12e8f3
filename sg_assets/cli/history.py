"""The command that tells what became of a score."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from sg_assets.cli.why import Format, better_ways, declared_now, known_ref
from sg_assets.settings import read_settings

if TYPE_CHECKING:
    from sg_assets.lineage.scores.score_history import History

app = typer.Typer()
console = Console()


@app.command()
def history(  # noqa: PLR0917 - typer takes them by name
    asset: Annotated[str, typer.Argument(help="scores/<benchmark>[variant]")],
    metric: Annotated[str | None, typer.Option(help="Only this metric.")] = None,
    slice_: Annotated[
        str | None, typer.Option("--slice", help="Only this slice; by default the scores that are shown.")
    ] = None,
    last: Annotated[int, typer.Option(help="How many of the last steps are compared and shown.", min=1)] = 10,
    everything: Annotated[bool, typer.Option("--all", help="Compare and show all steps.")] = False,
    format_: Annotated[Format, typer.Option("--format", help="How it is written.")] = Format.text,
    out: Annotated[Path | None, typer.Option(help="A file to write to, instead of the terminal.")] = None,
) -> None:
    """Follow a score from version to version: latest, previous, best, and what moved it at each step."""
    from sg_assets.lineage.scores.comparison_cache import Comparisons
    from sg_assets.lineage.scores.score_history import history as follow
    from sg_assets.store.store import Store

    settings = read_settings()
    store = Store(settings.store_root, settings.profile, settings.home)
    ref, declared = known_ref(store, asset), declared_now(settings)
    found = follow(
        Comparisons(store, {} if declared is None else declared.replicates),
        ref, better_ways(declared, ref), metric=metric, slice_=slice_,
        last=None if everything else last,
    )  # fmt: skip
    _write(found, format_, out)


def _write(found: "History", format_: Format, out: Path | None) -> None:
    if format_ is Format.text:
        from sg_assets.lineage.render.history_views import view

        if out is None:
            console.print(view(found), highlight=False)
            return
        with out.open("w", encoding="utf-8") as file:
            Console(file=file, width=120).print(view(found), highlight=False)
        return
    text = _text(found, format_)
    if out is None:
        typer.echo(text, nl=False)
    else:
        out.write_text(text, encoding="utf-8")


def _text(found: "History", format_: Format) -> str:
    from sg_assets.lineage.render.document import history_as_json
    from sg_assets.lineage.render.history_views import document, page

    if format_ is Format.md:
        return document(found)
    return page(found) if format_ is Format.html else history_as_json(found) + "\n"
