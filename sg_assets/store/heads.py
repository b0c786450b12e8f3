"""The log that says which version is current: append-only, one per partition."""

from pydantic import ValidationError

from sg_assets.errors import DamagedStoreError
from sg_assets.store.backends.interface import Files
from sg_assets.store.manifests import HeadEntry
from sg_assets.store.refs import Ref
from sg_assets.store.sealed_records import REPAIR, read_record, sealed, unsealed
from sg_assets.store.ulids import next_name


class Heads:
    """The logs of all partitions; an entry's name sorts after all before it."""

    def __init__(self, files: Files) -> None:
        self._files = files

    def last(self, ref: Ref) -> HeadEntry | None:
        """The entry that says what is current, or None where nothing was published.

        Raises:
            DamagedStoreError: it cannot be read.
        """
        names = self.names_of(ref)
        return read_entry(self._files, names[-1]) if names else None

    def readable_last(self, ref: Ref) -> HeadEntry | None:
        """The entry that says what is current; None where nothing was published, or where that entry is damaged."""
        try:
            return self.last(ref)
        except DamagedStoreError:
            return None

    def entries(self, ref: Ref) -> list[HeadEntry]:
        """All entries, oldest first.

        Raises:
            DamagedStoreError: an entry cannot be read.
        """
        return [read_entry(self._files, name) for name in self.names_of(ref)]

    def append(self, ref: Ref, entry: HeadEntry) -> None:
        """Make an entry the last."""
        name = f"heads/{ref.folder}/{next_name(self.names_of(ref))}.json"
        self._files.write_new(name, sealed(entry.model_dump_json(exclude_defaults=True)))

    def set_aside_damaged(self, ref: Ref) -> None:
        """Set the entry before the last aside where it is damaged: the last says what is current now."""
        for name in self.names_of(ref)[-2:-1]:
            try:
                read_entry(self._files, name)
            except DamagedStoreError:
                self._files.set_aside(name)

    def before_current(self, ref: Ref) -> str | None:
        """The version a revert without a choice goes back to: current before, reverted ones forgotten."""
        line: list[str] = []
        for entry in self.entries(ref):
            if entry.action == "revert" and entry.version in line:
                while line.pop() != entry.version:
                    pass
            line.append(entry.version)
        return line[-2] if len(line) > 1 else None

    def refs(self) -> list[Ref]:
        """Every partition that has a head, sorted."""
        folders = {name.removeprefix("heads/").rpartition("/")[0] for name in self.names()}
        return sorted(map(Ref.of_folder, folders), key=str)

    def names(self) -> list[str]:
        """The records of all entries: another list means that something was published."""
        return self._files.glob("heads/*/*/*/*.json")

    def names_of(self, ref: Ref) -> list[str]:
        """The records of a partition's entries, oldest first."""
        return self._files.glob(f"heads/{ref.folder}/*.json")


def read_entry(files: Files, name: str, data: bytes | None = None) -> HeadEntry:
    """An entry by the name of its record, or from the bytes of that.

    Raises:
        DamagedStoreError: it cannot be read.
    """
    try:
        return HeadEntry.model_validate_json(read_record(files, name) if data is None else unsealed(data, name))
    except ValidationError as error:
        raise DamagedStoreError(
            "the entry that says what is current cannot be read", where=name, remedy=REPAIR
        ) from error
