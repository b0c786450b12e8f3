"""The command that says why a number moved."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console, Group

from sg_assets.errors import NotPublishedError, SgAssetsError
from sg_assets.settings import Settings, read_settings

if TYPE_CHECKING:
    from sg_assets.declarations import Declarations
    from sg_assets.lineage.replay.score_replay import Replay
    from sg_assets.lineage.scores.flips import Better
    from sg_assets.lineage.why import Why
    from sg_assets.store.manifests import Manifest
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
    replay: Annotated[
        bool, typer.Option("--replay", help="Make the score again with causes put back: what each makes up.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Replay although models are trained or asked.")] = False,
    trust_stored_code: Annotated[
        bool,
        typer.Option("--trust-stored-code", help="Replay by stored code although it is no commit of this checkout."),
    ] = False,
) -> None:
    """Say why two versions differ: causes, rows, and a score's change item by item with its verdict."""
    from sg_assets.lineage.version_pair import choose, last_other
    from sg_assets.lineage.why import why as compare
    from sg_assets.store.store import Store

    settings = read_settings()
    store = Store(settings.store_root, settings.profile, settings.home)
    ref = known_ref(store, asset)
    before, after = choose(store, ref, first=first, last=last, against=known_ref(store, against) if against else None)
    declared = declared_now(settings)
    found = compare(
        store, before, after, better=better_ways(declared, ref), with_text=with_text,
        replicates=None if declared is None else declared.replicates,
    )  # fmt: skip
    replayed = _replayed(settings, store, found, before, after, yes=yes, trust=trust_stored_code) if replay else None
    _write(found, format_, out, replayed)
    other = last_other(store, after) if found.explanation.equal and first is None else None
    if other is not None and format_ is Format.text:
        told = f"The last version of other content is {other.version}: compare with it by --from {other.version}"
        console.print(told, highlight=False, markup=False, soft_wrap=True)


def _replayed(
    settings: Settings, store: "Store", found: "Why", before: "Manifest", after: "Manifest", *, yes: bool, trust: bool
) -> "Replay":
    """The replay of a comparison; what it takes is told first.

    Raises:
        SgAssetsError: models would be trained or asked, and nobody said yes.
    """
    from sg_assets.lineage.render.replay_views import cost
    from sg_assets.lineage.replay.score_replay import prepare
    from sg_assets.lineage.replay.score_replay import replay as run
    from sg_assets.reproduction.replay_runner import ReplayRunner, replay_store

    scratch = replay_store(settings, store)
    prepared = prepare(scratch, before, after, found.explanation, ReplayRunner(settings, scratch, trust))
    for line in cost(prepared.cost):
        Console(stderr=True).print(line, highlight=False, markup=False, soft_wrap=True)
    if not prepared.cost.is_free and not yes:
        raise SgAssetsError(
            "models would be trained or asked", where=str(after.ref), why="it takes what is told above",
            remedy="Add --yes to start it",
        )  # fmt: skip
    return run(prepared)


def _write(found: "Why", format_: Format, out: Path | None, replayed: "Replay | None") -> None:
    if format_ is Format.text:
        shown = _shown(found, replayed)
        if out is None:
            console.print(shown, highlight=False)
            return
        with out.open("w", encoding="utf-8") as file:
            Console(file=file, width=120).print(shown, highlight=False)
        return
    text = _text(found, format_, replayed)
    if out is None:
        typer.echo(text, nl=False)
    else:
        out.write_text(text, encoding="utf-8")


def _shown(found: "Why", replayed: "Replay | None") -> Group:
    from sg_assets.lineage.render import replay_views as replay
    from sg_assets.lineage.render.why_terminal import view

    return Group(view(found), *([] if replayed is None else [replay.view(replayed)]))


def _text(found: "Why", format_: Format, replayed: "Replay | None") -> str:
    if format_ is Format.md:
        from sg_assets.lineage.render import replay_views as replay
        from sg_assets.lineage.render.why_markdown import document

        return document(found) + ("" if replayed is None else replay.document(replayed))
    if format_ is Format.html:
        from sg_assets.lineage.render.why_page import page

        return page(found, replayed)
    from sg_assets.lineage.render.document import as_json

    return as_json(found, replayed) + "\n"


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
        raise NotPublishedError(f"{ref} has no version", remedy=nearest(str(ref), known))
    return ref


def declared_now(settings: Settings) -> "Declarations | None":
    """What is declared, where it can be read: the past can be explained whatever is wrong with it now."""
    from sg_assets.declarations import load_declarations

    try:
        return load_declarations(settings.project, settings.profile)
    except SgAssetsError:
        return None


def better_ways(declared: "Declarations | None", ref: "Ref") -> "Better":
    """Which way is good, where the benchmark says so."""
    from sg_assets.orchestration.headline_scores import directions

    return {} if declared is None else directions(declared, ref.table)
