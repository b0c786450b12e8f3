"""Commands on versions: list, show, publish from quarantine, revert, verify, clean."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Column, Table

from sg_assets.errors import NotPublishedError, nearest
from sg_assets.settings import read_settings

if TYPE_CHECKING:
    from sg_assets.store.manifests import Manifest
    from sg_assets.store.refs import Ref
    from sg_assets.store.store import Store

app = typer.Typer()
console = Console()
AssetName = Annotated[str, typer.Argument(help="schema/table or schema/table[partition]")]
VersionId = Annotated[str, typer.Argument(help="A version's id")]
Note = Annotated[str | None, typer.Option(help="Why; kept in the log.")]


@app.command()
def versions(asset: AssetName) -> None:
    """List the versions of an asset, newest first; a star marks the current one, a word those in quarantine."""
    from sg_assets.store.marks import marks_on
    from sg_assets.store.quarantine import quarantined_versions
    from sg_assets.store.refs import Ref

    store = _store()
    version = Column("Version", no_wrap=True, min_width=35)
    made_at, marked = Column("Made", no_wrap=True), Column("Marks", min_width=8)
    table = Table(Column("", no_wrap=True), version, made_at, "Rows", marked, "Partition", box=None)
    for ref in _partitions(store, Ref.parse(asset)):
        marks = store.marks_of(ref)
        head, waiting = store.head(ref), {one.version: one for one in quarantined_versions(store, ref)}
        known = {one.version: one for one in store.versions(ref)} | waiting
        for name, one in sorted(known.items(), reverse=True):
            mark = "*" if head is not None and name == head.version else ""
            rows = "" if one.rows is None else str(one.rows)
            made = one.finished.strftime("%Y-%m-%d %H:%M")
            noted = ", ".join(named.mark.kind for named in marks_on(one, marks))
            table.add_row("quarantined" if name in waiting else mark, name, made, rows, noted, one.partition or "")
    console.print(table)


@app.command()
def show(
    version: Annotated[str, typer.Argument(help="A version's id; with --code an asset partition as well")],
    code: Annotated[
        bool, typer.Option("--code", help="Show the definitions that are its code instead, and what is left out.")
    ] = False,
) -> None:
    """Show a version's manifest (what it is, the exact versions it was made from, and how), and what marks it has."""
    if code:
        from sg_assets.cli.code import code_lines

        for line in code_lines(version, _store()):
            console.print(line, highlight=False, markup=False, soft_wrap=True)
        return
    from sg_assets.store.marks import marks_on
    from sg_assets.store.quarantine import quarantined_version

    store = _store()
    manifest = quarantined_version(store, version) or store.find(version)
    told, marked = manifest.model_dump(mode="json"), marks_on(manifest, store.marks_of(manifest.ref))
    marks = [named.model_dump(mode="json", exclude_none=True) for named in marked]
    console.print_json(data=told | ({"marks": marks} if marks else {}))


@app.command()
def publish(version: VersionId, note: Note = None) -> None:
    """Publish a version that its audit holds in quarantine, and what was made with it."""
    from sg_assets.store.catalogue import rebuild
    from sg_assets.store.quarantine import release

    store = _store()
    released = release(store, version, note)
    rebuild(store)
    for one in released:
        console.print(f"{one.ref}: {one.version} is current", highlight=False, markup=False, soft_wrap=True)


@app.command()
def revert(
    asset: AssetName,
    version: Annotated[str | None, typer.Argument(help="By default the one that was current before.")] = None,
    note: Note = None,
) -> None:
    """Make an earlier version current again, until the next publish."""
    from sg_assets.store.catalogue import rebuild
    from sg_assets.store.refs import Ref
    from sg_assets.store.revert import revert as go_back

    store = _store()
    current = go_back(store, Ref.parse(asset), version, note)
    rebuild(store)
    console.print(f"{current.ref}: {current.version} is current again", highlight=False, markup=False, soft_wrap=True)


@app.command()
def verify(
    asset: Annotated[str | None, typer.Argument(help="schema/table or schema/table[partition]; all by default")] = None,
) -> None:
    """Read contents again and compare them with their manifests; exit with 1 where one differs."""
    from sg_assets.store.refs import Ref
    from sg_assets.store.verification import differences

    store = _store()
    refs = _known(store) if asset is None else _partitions(store, Ref.parse(asset))
    checked, wrong = 0, 0
    for one in _one_per_content(store, refs):
        checked += 1
        for told in differences(store, one):
            wrong += 1
            console.print(f"{one.ref} {one.version}: {told}", highlight=False, markup=False, soft_wrap=True)
    console.print(f"{checked} contents read, {wrong} differences")
    if wrong:
        raise typer.Exit(1)


@app.command()
def clean(
    hours: Annotated[float, typer.Option(help="Leave alone what is younger.", min=1)] = 24,
    delete: Annotated[
        bool, typer.Option("--delete", help="Remove what is found; without it nothing is touched.")
    ] = False,
) -> None:
    """Find what no version needs: what killed writers left, and versions in quarantine for more than 30 days."""
    from sg_assets.store.garbage import leftovers, remove

    store = _store()
    found = leftovers(store, timedelta(hours=hours), datetime.now(UTC))
    removed = 0
    for one in found:
        console.print(f"{one.bytes:>12,}  {one.reason}  {one.name}", highlight=False, markup=False, soft_wrap=True)
        removed += delete and remove(store, one)
    told = f"{removed} removed" if delete else "nothing removed (--delete removes them)"
    console.print(f"{len(found)} leftovers, {sum(one.bytes for one in found):,} bytes: {told}")


def _store() -> "Store":
    from sg_assets.store.store import Store

    settings = read_settings()
    return Store(settings.store_root, settings.profile, settings.home)


def _known(store: "Store") -> "list[Ref]":
    """Every partition that has a version, be it in quarantine."""
    from sg_assets.store.quarantine import quarantined_versions

    return sorted({*store.refs(), *(one.ref for one in quarantined_versions(store))}, key=str)


def _partitions(store: "Store", named: "Ref") -> "list[Ref]":
    """The partition named, or all of an asset's."""
    known = _known(store)
    found = [ref for ref in known if ref == named or (named.partition is None and ref.asset == named.asset)]
    if not found:
        remedy = nearest(str(named), {*map(str, known), *(ref.asset for ref in known)})
        raise NotPublishedError(f"{named} has no version", remedy=remedy)
    return found


def _one_per_content(store: "Store", refs: "Iterable[Ref]") -> "list[Manifest]":
    """The newest version of each content, published or quarantined: versions may share one."""
    from sg_assets.store.quarantine import quarantined_versions

    found = [one for ref in refs for one in [*store.versions(ref), *quarantined_versions(store, ref)]]
    return list({one.object: one for one in found}.values())
