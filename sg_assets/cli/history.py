"""The command that follows a score from version to version."""

from typing import TYPE_CHECKING, Annotated

import typer

from sg_assets.cli.options import Format, FormatOption, OutOption
from sg_assets.cli.output import write_document
from sg_assets.cli.why import better_ways, declared_now, known_ref
from sg_assets.settings import read_settings

if TYPE_CHECKING:
    from pathlib import Path

    from sg_assets.lineage.scores.score_history import History

app = typer.Typer()


@app.command()
def history(  # noqa: PLR0917 - typer takes them by name
    asset: Annotated[str, typer.Argument(help="scores/<benchmark>[variant]")],
    metric: Annotated[str | None, typer.Option(help="Only this metric.")] = None,
    slice_: Annotated[
        str | None, typer.Option("--slice", help="Only this slice; by default the scores that reports show.")
    ] = None,
    last: Annotated[int, typer.Option(help="How many of the latest steps to compare and show.", min=1)] = 10,
    everything: Annotated[bool, typer.Option("--all", help="Compare and show all steps.")] = False,
    format_: FormatOption = Format.text,
    out: OutOption = None,
) -> None:
    """Follow a score from version to version: latest, previous, best, and the causes of each step."""
    from sg_assets.lineage.scores.comparison_cache import Comparisons
    from sg_assets.lineage.scores.score_history import history as follow
    from sg_assets.store.store import Store

    settings = read_settings()
    store = Store(settings.store_root, settings.profile, settings.home)
    ref, declared = known_ref(store, asset), declared_now(settings)
    followed = follow(
        Comparisons(store, {} if declared is None else declared.replicates),
        ref, better_ways(declared, ref), metric=metric, slice_=slice_,
        last=None if everything else last,
    )  # fmt: skip
    _write(followed, format_, out)


def _write(history: "History", format_: Format, out: "Path | None") -> None:
    from sg_assets.lineage.render.history_views import document, page, view
    from sg_assets.lineage.render.json_documents import history_as_json

    documents = {
        Format.md: lambda: document(history),
        Format.html: lambda: page(history),
        Format.json: lambda: history_as_json(history) + "\n",
    }
    write_document(format_, out, text=lambda: view(history), documents=documents)
