"""The command that mends a store."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from sg_assets.cli.options import Reason, open_store
from sg_assets.cli.progress import materialize_shown
from sg_assets.cli.terminal import print_line
from sg_assets.errors import SgAssetsError

if TYPE_CHECKING:
    from sg_assets.orchestration.project import Project
    from sg_assets.store.refs import Ref
    from sg_assets.store.repair import Mending
    from sg_assets.store.store import Store

app = typer.Typer()


@app.command()
def repair(
    asset: Annotated[
        str | None, typer.Argument(help="schema/table, or schema/table[partition]; by default the whole store.")
    ] = None,
    version: Annotated[
        str | None, typer.Option(help="Make this version current, where the record of what was current is damaged.")
    ] = None,
    why: Reason = None,
    make: Annotated[
        bool, typer.Option("--make/--no-make", help="Make cheap content again that is current and was damaged.")
    ] = True,
) -> None:
    """Mend what `verify` names. Restores records, sets damaged content aside, makes cheap content again.

    Nothing is removed. What costs a GPU or money is not made: the command that makes it is printed. Exits with 1 if
    anything is left to do.
    """
    from sg_assets.store.repair import repair as mend

    store = open_store(with_identity=False)
    if version is not None:
        _make_current(store, asset, version, why)
        return
    project = _project()
    mended = []
    for mending in mend(store, _refs(store, asset), code_texts=lambda: _texts_of_today(project)):
        mended.append(mending)
        print_line(f"{mending.name}: {mending.result}")
    hint = _mend_home(mended) if asset is None else None
    _alert(project, mended)
    left = sum(not mending.is_mended and not mending.to_make for mending in mended)
    to_make = list(dict.fromkeys(ref for mending in mended for ref in mending.to_make))
    left += _make_again(project, to_make, make=make)
    print_line(f"{len(mended)} mended." if mended else "Nothing is damaged." if hint is None else hint)
    if left or hint is not None:
        raise typer.Exit(1)


def _mend_home(mended: "list[Mending]") -> str | None:
    """Mend what is beside the store and tighten permissions; the hint for Dagster's records where these are damaged."""
    from sg_assets.execution.instance_repair import damaged_files, repair_hint
    from sg_assets.orchestration.home_checks import mend_home
    from sg_assets.processes.file_access import tighten_access
    from sg_assets.settings import read_settings

    settings = read_settings()
    for mending in mend_home(settings, print_line):
        mended.append(mending)
        print_line(f"{mending.name}: {mending.result}")
    tightened = tighten_access(settings.home)
    if tightened:
        print_line(f"Permissions tightened, of files and folders: {tightened:,}.")
    damaged = damaged_files(settings.dagster_home)
    return f"Dagster's records are damaged: {', '.join(damaged)}. {repair_hint()}." if damaged else None


def _refs(store: "Store", asset: str | None) -> "Sequence[Ref] | None":
    from sg_assets.store.partition_names import named_partitions

    return None if asset is None else named_partitions(store, asset)


def _make_current(store: "Store", asset: str | None, version: str, why: str | None) -> None:
    """Make a version current by hand, where nothing says what was."""
    from sg_assets.store.catalogue import rebuild
    from sg_assets.store.partition_names import published_ref
    from sg_assets.store.repair import Mending, make_current

    if asset is None or not why or not why.strip():
        raise SgAssetsError(
            "it is not said which partition this is for, or why",
            where="sg-assets repair --version",
            remedy=f"Write `sg-assets repair '<schema/table[partition]>' --version {version} --why <reason>`",
        )
    manifest = make_current(store, published_ref(store, asset), version, why)
    rebuild(store)
    print_line(f"{manifest.ref}: {manifest.version} is current")
    _alert(_project(), [Mending(manifest.version, why, is_mended=True, ref=manifest.ref, changed_head=True)])


def _project() -> "Project | None":
    """The declarations; None where they cannot be read: what needs none is mended all the same."""
    from sg_assets.orchestration.project import load_project

    try:
        return load_project()
    except SgAssetsError as error:
        print_line(f"Nothing is made again, for the declarations cannot be read. {error}")
        return None


def _texts_of_today(project: "Project | None") -> Mapping[str, str]:
    """The texts of today's code by digest, as steps would store them."""
    if project is None:
        return {}
    from sg_assets.orchestration.asset_defs import asset_defs_of
    from sg_assets.orchestration.project_status import recipe_of

    recipe, texts = recipe_of(project, asset_defs_of(project)), dict[str, str]()
    for ref in project.graph.refs:
        try:
            texts |= recipe(ref).code_texts
        except SgAssetsError:
            continue  # it cannot be made on this machine
    return texts


def _alert(project: "Project | None", mended: "Iterable[Mending]") -> None:
    """Tell the targets of alerts of every partition whose head was written by the repair."""
    refs = [mending.ref for mending in mended if mending.changed_head and mending.ref is not None]
    if project is not None and refs:
        from sg_assets.orchestration.repair_alerts import alert_of_repair

        alert_of_repair(project, refs, print_line)


def _make_again(project: "Project | None", refs: "Sequence[Ref]", *, make: bool) -> int:
    """Make what is cheap; print the command for the rest. Returns how many partitions are left."""
    if not refs:
        return 0
    cheap: list[Ref] = []
    if project is not None:
        from sg_assets.orchestration.cheap_work import made_cheaply

        cheap = made_cheaply(project, refs) if make else []
    if project is not None and cheap:
        materialize_shown(project, cheap)
    left = [ref for ref in refs if ref not in cheap]
    if left:
        names = " ".join(f"'{ref}'" for ref in left)
        reason = "for it costs a GPU, money, or needs what does" if make else "as you asked"
        print_line(f"Not made here, {reason}: `sg-assets backfill {names}`")
    return len(left)
