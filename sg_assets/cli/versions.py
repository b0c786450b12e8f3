"""Commands on versions: list, show, publish from quarantine, revert, verify, clean."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Column, Table

from sg_assets.cli.options import AssetName, Reason, VersionId, open_store
from sg_assets.cli.terminal import console, print_line, print_lines
from sg_assets.text.lists import counted

if TYPE_CHECKING:
    from sg_assets.store.refs import Ref
    from sg_assets.store.store import Store

app = typer.Typer()


@app.command()
def versions(asset: AssetName) -> None:
    """List the versions of an asset, newest first. A star marks the current version."""
    from sg_assets.store.partition_names import named_partitions

    store = open_store()
    version = Column("Version", no_wrap=True, min_width=35)
    finished, marks = Column("Made", no_wrap=True), Column("Marks", min_width=8)
    table = Table(Column("", no_wrap=True), version, finished, "Rows", marks, "Partition", box=None)
    for ref in named_partitions(store, asset):
        for row in _rows(store, ref):
            table.add_row(*row)
    console.print(table)


def _rows(store: "Store", ref: "Ref") -> Iterator[tuple[str, ...]]:
    """The versions of a partition, newest first, as cells of the table."""
    from sg_assets.store.marks import marks_on
    from sg_assets.store.quarantine import quarantined_versions

    marks, head = store.marks_of(ref), store.head(ref)
    quarantined = {manifest.version: manifest for manifest in quarantined_versions(store, ref)}
    known = {manifest.version: manifest for manifest in store.versions(ref)} | quarantined
    for version, manifest in sorted(known.items(), reverse=True):
        current = "*" if head is not None and version == head.version else ""
        yield (
            "quarantined" if version in quarantined else current,
            version,
            manifest.finished.strftime("%Y-%m-%d %H:%M"),
            "" if manifest.rows is None else str(manifest.rows),
            ", ".join(named.mark.kind for named in marks_on(manifest, marks)),
            manifest.partition or "",
        )


@app.command()
def show(
    version: Annotated[str, typer.Argument(help="The id of a version; with --code also an asset partition.")],
    code: Annotated[
        bool, typer.Option("--code", help="Instead, list the definitions that make up its code, and those left out.")
    ] = False,
) -> None:
    """Show a version's manifest and marks as JSON, or its code."""
    from sg_assets.store.marks import marks_on
    from sg_assets.store.quarantine import quarantined_version

    store = open_store()
    if code:
        from sg_assets.cli.code import code_lines

        print_lines(code_lines(version, store))
        return
    manifest = quarantined_version(store, version) or store.find(version)
    marked = marks_on(manifest, store.marks_of(manifest.ref))
    marks = [named.model_dump(mode="json", exclude_none=True) for named in marked]
    console.print_json(data=manifest.model_dump(mode="json") | ({"marks": marks} if marks else {}))


@app.command()
def publish(version: VersionId, why: Reason = None) -> None:
    """Publish a version from quarantine, together with the other outputs of the same step."""
    from sg_assets.store.catalogue import rebuild
    from sg_assets.store.quarantine import release

    store = open_store()
    released = release(store, version, why)
    rebuild(store)
    print_lines(f"{manifest.ref}: {manifest.version} is current" for manifest in released)


@app.command()
def revert(
    asset: AssetName,
    version: Annotated[
        str | None, typer.Argument(help="The version to make current; by default the version that was current before.")
    ] = None,
    why: Reason = None,
) -> None:
    """Make an earlier version current again. It lasts until the partition is next materialized."""
    from sg_assets.store.catalogue import rebuild
    from sg_assets.store.partition_names import published_ref
    from sg_assets.store.revert import revert as make_current

    store = open_store()
    manifest = make_current(store, published_ref(store, asset), version, why)
    rebuild(store)
    print_line(f"{manifest.ref}: {manifest.version} is current again")


@app.command()
def verify(
    asset: Annotated[
        str | None, typer.Argument(help="schema/table, or schema/table[partition]; by default all assets.")
    ] = None,
) -> None:
    """Read every stored file again and compare it with what was written. Exits with 1 if anything is damaged.

    Names each damaged or lost manifest, head, mark, quarantine record, source text, run note, the identity, the
    catalogue and each content, with what mends it; changes nothing. Also stored answers, scores, vectors and
    checkpoints, and Dagster's records. With an asset: its own records and contents.
    """
    from sg_assets.store.content_checks import MISSING
    from sg_assets.store.damage import versions_made_from
    from sg_assets.store.partition_names import named_partitions, refs_with_versions
    from sg_assets.store.record_checks import damaged_records
    from sg_assets.store.verification import remedy, verified

    store = open_store(with_identity=False)
    refs = refs_with_versions(store) if asset is None else named_partitions(store, asset)
    records = damaged_records(store, None if asset is None else refs)
    for record in records:
        print_lines([f"{record.name}: {record.problem}", f"  {record.remedy}"])
    of_home = 0 if asset is not None else _verify_home()
    read, differences = 0, 0
    for content in verified(store, refs):
        read += 1
        differences += len(content.differences)
        name = f"{content.version.ref} {content.version.version}"
        is_there = content.differences != (MISSING,)
        file = f" ({content.version.object})" if is_there else ""
        print_lines(f"{name}: {difference}{file}" for difference in content.differences)
        if content.differences:
            print_line(f"  {remedy(store, content)}")
            for doubtful in versions_made_from(store, content.versions):
                print_line(f"  {doubtful.ref} {doubtful.version} was or may have been made from the damaged content")
    ended = f"{counted(read, 'content')} read, {counted(differences, 'difference')}"
    counts = {"damaged record": len(records), "other damaged file": of_home}
    print_line("; ".join([ended, *(counted(number, name) for name, number in counts.items() if number)]))
    if differences or records or of_home:
        raise typer.Exit(1)


def _verify_home() -> int:
    """Name what is damaged of the home beside the store; how many files that are."""
    from sg_assets.execution.instance_repair import damaged_files, repair_hint
    from sg_assets.orchestration.home_checks import damaged_in_home
    from sg_assets.settings import read_settings

    settings = read_settings()
    damaged = damaged_in_home(settings)
    for file in damaged:
        print_lines([f"{file.name}: {file.problem}", f"  {file.remedy}"])
    records = damaged_files(settings.dagster_home)
    for name, reason in records.items():
        print_lines([f"{settings.dagster_home.name}/{name}: {reason}", f"  {repair_hint()}"])
    return len(damaged) + len(records)


@app.command()
def clean(
    hours: Annotated[float, typer.Option(help="Leave files younger than this alone.", min=1, max=87_600)] = 24,
    delete: Annotated[
        bool, typer.Option("--delete", help="Remove the leftovers; without it they are only listed.")
    ] = False,
) -> None:
    """List or remove files that no version needs: left by killed processes, or quarantined for more than 30 days."""
    from sg_assets.store.garbage import leftovers, remove

    store = open_store()
    stale = leftovers(store, timedelta(hours=hours), datetime.now(UTC))
    removed = 0
    for leftover in stale:
        print_line(f"{leftover.bytes:>12,}  {leftover.reason}  {leftover.name}")
        removed += delete and remove(store, leftover)
    ended = f"{removed} removed" if delete else "nothing removed (add --delete to remove them)"
    print_line(f"{len(stale)} leftovers, {sum(leftover.bytes for leftover in stale):,} bytes: {ended}")
