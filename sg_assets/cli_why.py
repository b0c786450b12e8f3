"""The command that says why a number moved."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from sg_assets.errors import SgAssetsError
from sg_assets.settings import Settings, read_settings

if TYPE_CHECKING:
    from sg_assets.lineage.flips import Better
    from sg_assets.lineage.why import Why
    from sg_assets.store.refs import Ref
    from sg_assets.store.store import Store

app = typer.Typer()
console = Console()


class Format(StrEnum):
    """How a comparison is written."""

    text = "text"
    """For the terminal."""
    md = "md"
    """Markdown."""
    html = "html"
    """A page of its own: nothing is fetched, no script."""
    json = "json"
    """Every value, for programs."""


@app.command()
def why(  # noqa: PLR0917 - typer takes them by name
    asset: Annotated[str, typer.Argument(help="schema/table or schema/table[partition]")],
    first: Annotated[
        str | None, typer.Option("--from", help="The version to start from; by default the one published before.")
    ] = None,
    last: Annotated[
        str | None, typer.Option("--to", help="The version to explain; by default the current one.")
    ] = None,
    against: Annotated[str | None, typer.Option(help="Compare with this asset partition instead.")] = None,
    format_: Annotated[Format, typer.Option("--format", help="How it is written.")] = Format.text,
    out: Annotated[Path | None, typer.Option(help="A file to write to, instead of the terminal.")] = None,
    with_text: Annotated[bool, typer.Option("--with-text", help="Show item texts: prompts and answers.")] = False,
) -> None:
    """Say why two versions differ: causes, rows, and a score's change item by item with its verdict."""
    from sg_assets.lineage.choosing import choose, last_other
    from sg_assets.lineage.why import why as compare
    from sg_assets.store.store import Store

    settings = read_settings()
    store = Store(settings.store_root, settings.profile, settings.home)
    ref = known_ref(store, asset)
    before, after = choose(store, ref, first=first, last=last, against=known_ref(store, against) if against else None)
    found = compare(store, before, after, better=better_ways(settings, ref), with_text=with_text)
    _write(found, format_, out)
    other = last_other(store, after) if found.explanation.equal and first is None else None
    if other is not None and format_ is Format.text:
        told = f"The last version of other content is {other.version}: compare with it by --from {other.version}"
        console.print(told, highlight=False, markup=False, soft_wrap=True)


def _write(found: "Why", format_: Format, out: Path | None) -> None:
    if format_ is Format.text:
        from sg_assets.lineage.views.terminal import view

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


def _text(found: "Why", format_: Format) -> str:
    if format_ is Format.md:
        from sg_assets.lineage.views.markdown import document

        return document(found)
    if format_ is Format.html:
        from sg_assets.lineage.views.page import page

        return page(found)
    from sg_assets.lineage.views.document import as_json

    return as_json(found) + "\n"


def known_ref(store: "Store", name: str) -> "Ref":
    """An asset partition that has a version.

    Raises:
        SgAssetsError: it has none.
    """
    from sg_assets.errors import nearest
    from sg_assets.store.refs import Ref

    ref = Ref.parse(name)
    if store.heads.last(ref) is None:
        known = {str(one) for one in store.refs()}
        raise SgAssetsError(f"{ref} has no version", remedy=nearest(str(ref), known))
    return ref


def better_ways(settings: Settings, ref: "Ref") -> "Better":
    """Which way is good, where the benchmark says so and can be read."""
    from sg_assets.assets.watched import ways
    from sg_assets.declarations import load_declarations

    try:
        return ways(load_declarations(settings.project, settings.profile), ref.table)
    except SgAssetsError:
        return {}  # the past can be explained whatever is wrong with what is declared now
