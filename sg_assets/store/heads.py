"""The log that says which version is current: append-only, one per partition."""

from sg_assets.store.backends.interface import Files
from sg_assets.store.manifests import HeadEntry
from sg_assets.store.refs import Ref
from sg_assets.store.ulids import next_name


class Heads:
    """The logs of all partitions; an entry's name sorts after all before it."""

    def __init__(self, files: Files) -> None:
        self._files = files

    def last(self, ref: Ref) -> HeadEntry | None:
        """The entry that says what is current, or None where nothing was published."""
        names = self._names(ref)
        return HeadEntry.model_validate_json(self._files.read(names[-1])) if names else None

    def entries(self, ref: Ref) -> list[HeadEntry]:
        """All entries, oldest first."""
        return [HeadEntry.model_validate_json(self._files.read(name)) for name in self._names(ref)]

    def append(self, ref: Ref, entry: HeadEntry) -> None:
        """Make an entry the last."""
        self._files.write_new(
            f"heads/{ref.folder}/{next_name(self._names(ref))}.json", entry.model_dump_json(exclude_defaults=True)
        )

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

    def _names(self, ref: Ref) -> list[str]:
        return self._files.glob(f"heads/{ref.folder}/*.json")
