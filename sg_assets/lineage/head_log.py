"""The log of what was current, read as far as it can be."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath

from ulid import ULID

from sg_assets.errors import DamagedStoreError
from sg_assets.store.heads import read_entry
from sg_assets.store.manifests import HeadEntry
from sg_assets.store.refs import Ref
from sg_assets.store.store import Store


@dataclass(frozen=True)
class LostEntry:
    """An entry that cannot be read: that something became current then is all that is known."""

    name: str
    """The name of its record."""
    error: DamagedStoreError
    """Why it cannot be read."""

    @property
    def at(self) -> datetime:
        """When it was written, by its name."""
        return ULID.from_str(PurePosixPath(self.name).stem).datetime


def readable_entries(store: Store, ref: Ref) -> list[HeadEntry | LostEntry]:
    """All entries of a partition's log, oldest first, also where some of them cannot be read."""
    return [_entry(store, name) for name in store.heads.names_of(ref)]


def gap(earlier: HeadEntry | LostEntry | None, entry: HeadEntry | LostEntry) -> str:
    """That an entry before this one is gone, by what this one replaced; empty where none is, or it is damaged."""
    if isinstance(entry, LostEntry) or isinstance(earlier, LostEntry):
        return ""
    if entry.replaces == (None if earlier is None else earlier.version):
        return ""
    current = "" if entry.replaces is None else f": {entry.replaces} was current"
    return f"the entry of the log before this one is gone or was set aside{current}"


def _entry(store: Store, name: str) -> HeadEntry | LostEntry:
    try:
        return read_entry(store.files, name)
    except FileNotFoundError:
        return LostEntry(name, DamagedStoreError("the entry that says what is current is gone", where=name))
    except DamagedStoreError as error:
        return LostEntry(name, error)
