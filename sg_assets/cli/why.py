"""The command that explains why a number moved."""

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Group

from sg_assets.cli.options import Format, FormatOption, OutOption
from sg_assets.cli.output import write_document
from sg_assets.cli.terminal import print_error_line, print_line
from sg_assets.errors import SgAssetsError
from sg_assets.settings import Settings, read_settings

if TYPE_CHECKING:
    from pathlib import Path

    from sg_assets.declarations import Declarations
    from sg_assets.lineage.replay.score_replay import Replay
    from sg_assets.lineage.scores.flips import Better
    from sg_assets.lineage.why import Why
    from sg_assets.store.manifests import Manifest
    from sg_assets.store.refs import Ref
    from sg_assets.store.store import Store

app = typer.Typer()


@app.command()
def why(  # noqa: PLR0917 - typer takes them by name
    asset: Annotated[str, typer.Argument(help="schema/table, schema/table[partition], or the id of a version")],
    first: Annotated[
        str | None, typer.Option("--from", help="The version to start from; by default the version published before.")
    ] = None,
    last: Annotated[
        str | None, typer.Option("--to", help="The version to explain; by default the current version.")
    ] = None,
    quarantined: Annotated[
        bool, typer.Option("--quarantined", help="Explain the latest version in quarantine, before it is published.")
    ] = False,
    against: Annotated[str | None, typer.Option(help="Compare with this asset partition instead.")] = None,
    format_: FormatOption = Format.text,
    out: OutOption = None,
    with_text: Annotated[bool, typer.Option("--with-text", help="Show item texts: prompts and answers.")] = False,
    replay: Annotated[
        bool, typer.Option("--replay", help="Make the score again with causes restored, to get each cause's share.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Replay even if models must be trained or called.")] = False,
    trust_stored_code: Annotated[
        bool,
        typer.Option("--trust-stored-code", help="Replay with stored code even if no commit of this checkout has it."),
    ] = False,
) -> None:
    """Explain why two versions differ: causes, rows, and a score's change item by item with its verdict."""
    from sg_assets.lineage.version_pair import LostVersionError, last_different, version_pair
    from sg_assets.lineage.why import why as compare
    from sg_assets.lineage.why import why_not_known
    from sg_assets.store.store import Store

    settings = read_settings()
    store = Store(settings.store_root, settings.profile, settings.home)
    if quarantined and last is not None:
        raise SgAssetsError(
            "--quarantined and --to both name the version to explain",
            where=asset,
            remedy="Leave one of them out; --to takes a version in quarantine, too",
        )
    ref, named = known_version(store, asset)
    other = known_ref(store, against) if against else None
    try:
        before, after = version_pair(
            store, ref, first=first, last=last or named, against=other, quarantined=quarantined
        )
    except LostVersionError as error:
        if replay:
            raise
        _write(why_not_known(error.before, error.after, error), None, format_, out)
        return
    declared = declared_now(settings)
    comparison = compare(
        store, before, after, better=better_ways(declared, ref), with_text=with_text,
        replicates=None if declared is None else declared.replicates,
    )  # fmt: skip
    comparison = with_standings(store, declared, comparison, after)
    replayed = (
        _replayed(settings, store, comparison, before, after, yes=yes, trust=trust_stored_code) if replay else None
    )
    _write(comparison, replayed, format_, out)
    different = last_different(store, after) if comparison.explanation.equal and first is None else None
    if different is not None and format_ is Format.text:
        hint = (
            f"The last version with different content is {different.version}: compare with --from {different.version}"
        )
        print_line(hint)


def _replayed(
    settings: Settings,
    store: "Store",
    comparison: "Why",
    before: "Manifest",
    after: "Manifest",
    *,
    yes: bool,
    trust: bool,
) -> "Replay":
    """The replay of a comparison; its cost is printed first.

    Raises:
        SgAssetsError: models would be trained or called, and ``--yes`` is missing.
    """
    from sg_assets.lineage.render.replay_views import cost_lines
    from sg_assets.lineage.replay.score_replay import plan_replay
    from sg_assets.lineage.replay.score_replay import replay as run
    from sg_assets.reproduction.replay_runner import ReplayRunner, replay_store

    scratch = replay_store(settings, store)
    plan = plan_replay(scratch, before, after, comparison.explanation, ReplayRunner(settings, scratch, trust))
    for line in cost_lines(plan.cost):
        print_error_line(line)
    if not plan.cost.is_free and not yes:
        raise SgAssetsError(
            "models would be trained or called", where=str(after.ref), why="the replay takes the cost above",
            remedy="Add --yes to start it",
        )  # fmt: skip
    return run(plan)


def _write(comparison: "Why", replayed: "Replay | None", format_: Format, out: "Path | None") -> None:
    from sg_assets.lineage.render import replay_views
    from sg_assets.lineage.render.json_documents import as_json
    from sg_assets.lineage.render.why_markdown import document
    from sg_assets.lineage.render.why_page import page
    from sg_assets.lineage.render.why_terminal import view

    def text() -> Group:
        return Group(view(comparison), *([] if replayed is None else [replay_views.view(replayed)]))

    def markdown() -> str:
        return document(comparison) + ("" if replayed is None else replay_views.document(replayed))

    documents = {
        Format.md: markdown,
        Format.html: lambda: page(comparison, replayed),
        Format.json: lambda: as_json(comparison, replayed) + "\n",
    }
    write_document(format_, out, text=text, documents=documents)


def known_version(store: "Store", name: str) -> "tuple[Ref, str | None]":
    """An asset partition that has a version, and the version if ``name`` is the id of one.

    Raises:
        SgAssetsError: there is none.
    """
    from sg_assets.store.quarantine import quarantined_version
    from sg_assets.store.store import is_version

    if is_version(name):
        manifest = quarantined_version(store, name) or store.find(name)
        return manifest.ref, manifest.version
    return known_ref(store, name), None


def known_ref(store: "Store", name: str) -> "Ref":
    """An asset partition that has a version, published or in quarantine.

    Raises:
        SgAssetsError: it has none.
    """
    from sg_assets.store.partition_names import no_version
    from sg_assets.store.quarantine import quarantined_versions
    from sg_assets.store.refs import Ref

    ref = Ref.parse(name)
    if not store.heads.names_of(ref) and not quarantined_versions(store, ref):
        raise no_version(ref, map(str, store.refs()))
    return ref


def declared_now(settings: Settings) -> "Declarations | None":
    """The declarations; None where they cannot be read, because the past can be explained without them."""
    from sg_assets.declarations import load_declarations

    try:
        return load_declarations(settings.project, settings.profile)
    except SgAssetsError:
        return None


def with_standings(store: "Store", declared: "Declarations | None", comparison: "Why", score: "Manifest") -> "Why":
    """A comparison that says first which judges behind the score are not aligned with people, or are."""
    from sg_assets.people.judge_standing import score_standings

    if declared is None or declared.profile.labels is None:
        return comparison
    standings = tuple(map(str, score_standings(store, declared, score)))
    return replace(comparison, notes=(*standings, *comparison.notes))


def better_ways(declared: "Declarations | None", ref: "Ref") -> "Better":
    """Which way is good, by metric and slice, as the benchmark declares it."""
    from sg_assets.orchestration.headline_scores import directions

    return {} if declared is None else directions(declared, ref.table)
