"""Reading every record of a store again: heads, manifests, quarantine, marks, code, run notes, identity, catalogue."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final, Literal

from sg_assets.code.stored_listing import text_digest
from sg_assets.errors import DamagedStoreError, SgAssetsError
from sg_assets.store.catalogue_label import CATALOGUE, catalogue_damage
from sg_assets.store.heads import read_entry
from sg_assets.store.identity import NAME as IDENTITY
from sg_assets.store.identity import identity_text
from sg_assets.store.marks import read_mark
from sg_assets.store.refs import Ref
from sg_assets.store.sealed_records import REPAIR, is_sealed, read_bytes, unsealed
from sg_assets.store.store import Store

Section = Literal["identity", "manifests", "quarantine", "heads", "marks", "code", "runs", "copies", "catalogue"]
_OF_PARTITIONS: Final[tuple[Section, ...]] = ("manifests", "quarantine", "heads", "marks")
_TEXT_NAME: Final = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class DamagedRecord:
    """A record that is not what was written."""

    section: Section
    name: str
    """Its name in the store; of the catalogue, its file in the home."""
    problem: str
    """How it is damaged, in words; never a value of it."""
    has_copy: bool
    """Whether an intact copy of it is there."""
    remedy: str
    """What mends it."""

    @property
    def ref(self) -> Ref | None:
        """The partition that it is a record of."""
        return Ref.of_folder("/".join(self.name.split("/")[1:-1])) if self.section in _OF_PARTITIONS else None


def damaged_records(store: Store, refs: Collection[Ref] | None = None) -> list[DamagedRecord]:
    """The records that are damaged or lost; of some partitions, or of the whole store.

    Args:
        store: The store; nothing is written to it.
        refs: The partitions; by default all, and what belongs to none: identity, code, run notes, copies, catalogue.
    """
    copies = set(store.files.copies())
    damaged = [item for section in _OF_PARTITIONS for item in _of_section(store, section, copies)]
    if refs is not None:
        return [item for item in damaged if item.ref in refs]
    damaged += [*_identity(store), *_of_section(store, "code", copies), *_run_notes(store), *_damaged_copies(store)]
    problem = catalogue_damage(store)
    if problem is not None:
        damaged.append(DamagedRecord("catalogue", CATALOGUE, problem, False, "The next command writes it anew"))
    return damaged


def problem_of(store: Store, name: str, data: bytes | None = None) -> str | None:
    """How a record is damaged, in words; None where it is as it was written.

    Args:
        store: The store.
        name: The record's name.
        data: Its bytes; by default those that are stored.
    """
    try:
        stored = read_bytes(store.files, name) if data is None else data
        _require_intact(store, name, stored)
    except FileNotFoundError:
        return "it is missing"
    except DamagedStoreError as error:
        return error.why or error.what
    except (SgAssetsError, ValueError) as error:
        return getattr(error, "what", None) or "it cannot be read"
    return None


def _require_intact(store: Store, name: str, data: bytes) -> None:
    """Read a record as its section is read.

    Raises:
        DamagedStoreError: it is not what was written.
    """
    section, path = name.split("/", 1)[0], PurePosixPath(name)
    if section == "code":
        if text_digest(data.decode(errors="replace")) != path.stem:
            raise DamagedStoreError("it is not the text of its name")
    elif section == "heads":
        entry = read_entry(store.files, name, data)
        folder = "/".join(path.parts[1:-1])
        is_last = store.files.glob(f"heads/{folder}/*.json")[-1:] == [name]
        if is_last and not store.files.glob(f"manifests/{folder}/{_safe(entry.version)}.json"):
            raise DamagedStoreError("it names a version whose record is missing")
    elif section == "marks":
        read_mark(store.files, name, data)
    elif section in ("manifests", "quarantine"):
        store.read_manifest(name, data)


def _safe(version: str) -> str:
    return version if re.fullmatch(r"[0-9A-Za-z-]+", version) else "-"


def _of_section(store: Store, section: Section, copies: Collection[str]) -> Iterator[DamagedRecord]:
    """The damaged records of a section, and those of which there is a copy alone."""
    pattern = "code/*.txt" if section == "code" else f"{section}/*/*/*/*.json"
    names = store.files.glob(pattern)
    lost = {name for name in copies if name.startswith(f"{section}/")} - set(names)
    for name in sorted({*names, *lost}):
        copy = store.files.read_copy(name) if name in copies else None
        intact = copy is not None and problem_of(store, name, copy) is None
        problem = problem_of(store, name)
        if problem is None and copy is not None and intact and _differs_unsealed(store, name, copy):
            problem = "its bytes are not those of its copy"
        if problem is not None:
            yield DamagedRecord(section, name, problem, intact, _remedy(section, name, has_copy=intact))


def _differs_unsealed(store: Store, name: str, copy: bytes) -> bool:
    data = read_bytes(store.files, name)
    return not is_sealed(data) and not name.startswith("code/") and data != unsealed(copy, name)


def _remedy(section: Section, name: str, *, has_copy: bool) -> str:
    if has_copy:
        return "`sg-assets repair` restores it from its copy"
    if section == "heads":
        ref = Ref.of_folder("/".join(name.split("/")[1:-1]))
        return f"`sg-assets run '{ref}'`, or `sg-assets repair '{ref}' --version <version> --why <reason>`"
    return f"{REPAIR}. What is needed and lost, `sg-assets run` makes anew"


def _identity(store: Store) -> Iterator[DamagedRecord]:
    expected = identity_text(store.profile).encode()
    try:
        problem = None if read_bytes(store.files, IDENTITY) == expected else "it is not the identity of this store"
    except FileNotFoundError:
        problem = "it is missing"
    except DamagedStoreError as error:
        problem = error.why or error.what
    if problem is not None:
        yield DamagedRecord("identity", IDENTITY, problem, True, "`sg-assets repair` writes it anew")


def _run_notes(store: Store) -> Iterator[DamagedRecord]:
    """Notes of which version a run made or found current."""
    known = {PurePosixPath(name).stem for name in store.files.glob("manifests/*/*/*/*.json")}
    for name in store.files.glob("runs/*/*"):
        try:
            problem = None if read_bytes(store.files, name).decode(errors="replace") in known else "it names no version"
        except FileNotFoundError:
            continue
        except DamagedStoreError as error:
            problem = error.why or error.what
        if problem is not None:
            remedy = "`sg-assets repair` sets it aside; only its own run reads it"
            yield DamagedRecord("runs", name, problem, False, remedy)


def _damaged_copies(store: Store) -> Iterator[DamagedRecord]:
    """Copies that are not those of the intact records they belong to."""
    for name in store.files.copies():
        if name == IDENTITY:
            is_damaged = store.files.read_copy(name) != identity_text(store.profile).encode()
        elif problem_of(store, name) is not None:
            continue  # the record is named
        else:
            copy = store.files.read_copy(name)
            is_damaged = copy is None or problem_of(store, name, copy) is not None
        if is_damaged:
            remedy = "`sg-assets repair` writes it anew from the record, which is intact"
            yield DamagedRecord("copies", f"copies/{name}", "it is not a copy of its record", False, remedy)
