"""Mending a store: what has a copy or can be derived is restored, damaged content is set aside and its versions marked.

Nothing is removed, and no partition goes back to an earlier version unless a person names it.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from sg_assets.code.stored_listing import installed_package_as_stored
from sg_assets.errors import SgAssetsError
from sg_assets.store.catalogue import rebuild
from sg_assets.store.content_checks import MISSING
from sg_assets.store.damage import set_content_aside
from sg_assets.store.identity import NAME as IDENTITY
from sg_assets.store.identity import identity_text
from sg_assets.store.made_by import this_maker
from sg_assets.store.manifests import MadeBy, Manifest
from sg_assets.store.marks import Mark, acceptances
from sg_assets.store.partition_names import refs_with_versions
from sg_assets.store.record_checks import DamagedRecord, damaged_records, problem_of
from sg_assets.store.refs import Ref
from sg_assets.store.sealed_records import is_sealed, read_bytes, sealed
from sg_assets.store.store import Store
from sg_assets.store.verification import Verified, verified

_VERSION: Final = re.compile(rb"[0-9A-Z]{26}-[0-9a-f]{8}")


@dataclass(frozen=True)
class Mending:
    """One thing that was damaged, and what was done about it."""

    name: str
    """The record or content."""
    result: str
    """What was done, in words."""
    is_mended: bool
    """Whether nothing is left to do about it, here or by a run."""
    ref: Ref | None = None
    """The partition that it is of."""
    to_make: tuple[Ref, ...] = ()
    """Partitions whose current version is to be made again."""
    changed_head: bool = False
    """Whether an entry that says what is current was written."""


def repair(
    store: Store,
    refs: Collection[Ref] | None = None,
    code_texts: Callable[[], Mapping[str, str]] = dict,
    by: MadeBy | None = None,
) -> Iterator[Mending]:
    """Mend what can be mended safely, records first.

    Args:
        store: The store, opened without its identity where that is damaged.
        refs: The partitions to mend; by default everything.
        code_texts: Gives the texts of today's code by digest; called where stored code is to be restored from them.
        by: Who does it; by default the user of this process.
    """
    maker = by or this_maker()
    damaged = damaged_records(store, refs)
    texts: Mapping[str, str] = {}
    if any(record.section == "code" and not record.has_copy for record in damaged):
        texts = {**installed_package_as_stored().texts, **code_texts()}
    for record in sorted(damaged, key=lambda record: _ORDER.index(record.section)):
        yield _mended(store, record, texts, maker)
    if refs is None:
        if any(record.section == "manifests" for record in damaged):  # notes of runs may name those that are lost now
            notes = [record for record in damaged_records(store) if record.section == "runs"]
            yield from (_mended(store, record, texts, maker) for record in notes)
        _copy_records(store)
    for content in verified(store, refs_with_versions(store) if refs is None else refs):
        if content.differences:
            yield _set_aside(store, content, maker)
    if refs is None or damaged:
        rebuild(store)


_ORDER: Final = ("identity", "manifests", "quarantine", "marks", "heads", "code", "runs", "copies", "catalogue")
"""Manifests before the heads that name them, records before their copies."""


def make_current(store: Store, ref: Ref, version: str, why: str, by: MadeBy | None = None) -> Manifest:
    """Make a version current where the record of what was current is damaged: an entry ``repair``, asked for by hand.

    Raises:
        SgAssetsError: the record is not damaged, or the version is none of this partition or has no whole content.
    """
    if store.readable_head(ref) is not None:
        raise SgAssetsError(
            "what is current is known", where=str(ref), remedy=f"To go back, use `sg-assets revert '{ref}' {version}`"
        )
    manifest = store.manifest(ref, version)
    if not store.has_content(manifest):
        raise SgAssetsError(f"the content of {version} is {store.checks.loss(manifest)}", where=str(ref))
    store.set_head(manifest, "repair", note=why, by=by or this_maker())
    return manifest


def _mended(store: Store, record: DamagedRecord, texts: Mapping[str, str], by: MadeBy) -> Mending:
    """Mend one record."""
    match record.section:
        case "identity":
            return _write(store, record, identity_text(store.profile).encode(), "written anew")
        case "catalogue":
            rebuild(store)
            return Mending(record.name, "written anew", is_mended=True)
        case "copies":
            return _mended_copy(store, record.name.removeprefix("copies/"))
    copy = store.files.read_copy(record.name) if record.has_copy else None
    if copy is not None:
        return _write(store, record, copy, "restored from its copy")
    if record.section == "heads":
        return _mended_head(store, record, by)
    return _mended_code(store, record, texts) if record.section == "code" else _without_copy(store, record, by)


def _mended_copy(store: Store, original: str) -> Mending:
    data = identity_text(store.profile).encode() if original == IDENTITY else read_bytes(store.files, original)
    store.files.write_copy(original, data)
    return Mending(f"copies/{original}", "written anew from the record", is_mended=True)


def _write(store: Store, record: DamagedRecord, data: bytes, result: str) -> Mending:
    """Put the right bytes in the record's stead; the damaged ones are kept aside."""
    aside = store.files.set_aside(record.name)
    store.files.replace(record.name, data.decode())
    store.forget_manifests()
    kept = f"; the damaged one is {aside}" if aside else ""
    return Mending(record.name, f"{result}{kept}", is_mended=True, ref=record.ref)


def _mended_code(store: Store, record: DamagedRecord, texts: Mapping[str, str]) -> Mending:
    text = texts.get(record.name.removeprefix("code/").removesuffix(".txt"))
    if text is not None:
        return _write(store, record, text.encode(), "written anew from today's code")
    aside = _aside_with_copy(store, record)
    lost = f"lost; set aside as {aside}. Versions of that code are not made again exactly"
    return Mending(record.name, lost, is_mended=True)


def _mended_head(store: Store, record: DamagedRecord, by: MadeBy) -> Mending:
    """An entry that is not the last is history; the last is written again only for the version that it still names."""
    ref = record.ref
    if ref is None:
        raise AssertionError(record.name)
    if problem_of(store, record.name) is None:
        return Mending(record.name, "mended with the record of the version that it names", is_mended=True, ref=ref)
    if store.heads.names_of(ref)[-1:] != [record.name]:
        aside = _aside_with_copy(store, record)
        return Mending(record.name, f"set aside as {aside}: it was not the last entry", is_mended=True, ref=ref)
    version = _version_named(store, ref, record.name)
    if version is None:
        return Mending(record.name, _choices(store, ref), is_mended=False, ref=ref)
    store.set_head(version, "repair", note="the entry that says so was damaged, and names this version", by=by)
    result = f"set aside; {version.version}, which it names, is current as before"
    return Mending(record.name, result, is_mended=True, ref=ref, changed_head=True)


def _choices(store: Store, ref: Ref) -> str:
    whole = [version.version for version in store.versions(ref) if store.has_content(version)]
    by_hand = f", `sg-assets repair '{ref}' --version {whole[-1]} --why <reason>` its newest" if whole else ""
    return f"left: nothing says what was current. `sg-assets run '{ref}'` makes today's version current{by_hand}"


def _version_named(store: Store, ref: Ref, name: str) -> Manifest | None:
    """The only version with a record that the damaged entry still names as current."""
    try:
        data = read_bytes(store.files, name)
    except (FileNotFoundError, SgAssetsError):
        return None
    known = {version.version.encode(): version for version in store.versions(ref)}
    named = re.search(rb'"version":"(' + _VERSION.pattern + rb')"', data)
    return known.get(named[1]) if named else None


def _without_copy(store: Store, record: DamagedRecord, by: MadeBy) -> Mending:
    ref, aside = record.ref, _aside_with_copy(store, record)
    if record.section == "manifests" and ref is not None:
        is_current = _names_lost_version(store, ref)
        lost = f"lost; set aside as {aside}. Its version is no version any more"
        return Mending(record.name, lost, is_mended=not is_current, ref=ref, to_make=(ref,) if is_current else ())
    if record.section == "marks" and ref is not None:
        undone = _undo_acceptances(store, ref, by)
        more = f"; {undone} acceptances no longer hold, for it may have undone them" if undone else ""
        return Mending(record.name, f"lost; set aside as {aside}{more}", is_mended=True, ref=ref)
    return Mending(record.name, f"set aside as {aside}", is_mended=True, ref=ref)


def _aside_with_copy(store: Store, record: DamagedRecord) -> str | None:
    """Set a lost record aside, and its copy, which is damaged as well: else it would be missed ever after."""
    of_copy = store.files.set_aside(f"copies/{record.name}") if record.name in store.files.copies() else None
    return store.files.set_aside(record.name) or of_copy


def _names_lost_version(store: Store, ref: Ref) -> bool:
    entry = store.heads.readable_last(ref)
    return entry is not None and store.readable_head(ref) is None


def _undo_acceptances(store: Store, ref: Ref, by: MadeBy) -> int:
    """End the acceptances of a partition: the lost mark may have been what undid one of them."""
    marks = store.marks.readable(ref)
    holding = {named.name: named for version in store.versions(ref) for named in acceptances(version, marks)}
    for name, named in holding.items():
        why = "a later mark was damaged, and may have undone it"
        mark = Mark(kind="undone", version=named.mark.version, at=datetime.now(UTC), by=by, why=why, undoes=name)
        store.marks.append(ref, mark)
    return len(holding)


def _set_aside(store: Store, content: Verified, by: MadeBy) -> Mending:
    version = content.version
    doubtful = set_content_aside(store, version.object, content.versions, by)
    current = tuple(dict.fromkeys(ref for ref in _current(store, [*content.versions, *doubtful])))
    made_from = ", ".join(f"{doubt.ref} {doubt.version}" for doubt in doubtful)
    kept = "gone" if content.differences == (MISSING,) else "damaged and set aside"
    result = kept + (f"; made from it, and doubtful: {made_from}" if made_from else "")
    return Mending(version.object, result, is_mended=not current, ref=version.ref, to_make=current)


def _current(store: Store, versions: Iterable[Manifest]) -> Iterator[Ref]:
    for version in versions:
        head = store.readable_head(version.ref)
        if head is not None and head.version == version.version:
            yield version.ref


def _copy_records(store: Store) -> None:
    """Copy the records that have no copy yet: of a store that was written before there were copies."""
    copies = set(store.files.copies())
    patterns = ("manifests/*/*/*/*.json", "heads/*/*/*/*.json", "marks/*/*/*/*.json", "quarantine/*/*/*/*.json",
                "code/*.txt", IDENTITY)  # fmt: skip
    for name in (name for pattern in patterns for name in store.files.glob(pattern) if name not in copies):
        if problem_of(store, name) is None:
            store.files.write_copy(name, _sealed(name, read_bytes(store.files, name)))


def _sealed(name: str, data: bytes) -> bytes:
    """A record with a seal, so that its copy says which of the two is right; source texts are named by their digest."""
    has_seal = name == IDENTITY or name.startswith("code/") or is_sealed(data)
    return data if has_seal else sealed(data.decode()).encode()
