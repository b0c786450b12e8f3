"""Taking a store of the format before over: every record is read first, then the store says that it is of today's."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from sg_assets.errors import IncompatibleStoreError, SgAssetsError
from sg_assets.store.backends.interface import Files
from sg_assets.store.format_upgrades import PREVIOUS_FORMAT, read_manifest
from sg_assets.store.heads import read_entry
from sg_assets.store.identity import move_to_format, read_format
from sg_assets.store.manifests import FORMAT
from sg_assets.store.sealed_records import read_record

_NAMED: Final = 20
"""Records named in an error; the rest are counted."""


@dataclass(frozen=True)
class Migration:
    """The result of a migration."""

    moved: bool
    """Whether the store had the previous format; else there was nothing to do."""
    versions: int
    """Versions that were published at some time."""
    quarantined: int
    """Versions in quarantine."""


def migrate(files: Files, root: str, profile: str) -> Migration:
    """Move a store to today's format. No manifest is rewritten, and repeating it changes nothing.

    Args:
        files: The store.
        root: Where it lies, for errors.
        profile: Whose it is.

    Raises:
        SgAssetsError: there is no store, it is another profile's, its format is neither today's nor the one before, or
            a record of it cannot be read; then nothing is changed.
    """
    written = read_format(files, root, profile)
    if written not in (PREVIOUS_FORMAT, FORMAT):
        raise IncompatibleStoreError(
            f"the store has format {written}",
            where=root,
            why=f"only format {PREVIOUS_FORMAT} can be converted to {FORMAT}",
        )
    published, waiting = files.glob("manifests/*/*/*/*.json"), files.glob("quarantine/*/*/*/*.json")
    if written == PREVIOUS_FORMAT:
        entries = files.glob("heads/*/*/*/*.json")
        unreadable = [
            *_unreadable([*published, *waiting], lambda name: read_manifest(read_record(files, name), name)),
            *_unreadable(entries, lambda name: read_entry(files, name)),
        ]
        if unreadable:
            raise _not_migrated(root, unreadable)
        move_to_format(files, profile)
    return Migration(written == PREVIOUS_FORMAT, len(published), len(waiting))


def _unreadable(names: Iterable[str], read: Callable[[str], object]) -> Iterable[str]:
    for name in names:
        try:
            read(name)
        except FileNotFoundError:
            continue  # released from quarantine, or cleaned away, in this moment
        except SgAssetsError:
            yield name


def _not_migrated(root: str, unreadable: list[str]) -> SgAssetsError:
    more = f" and {len(unreadable) - _NAMED} more" if len(unreadable) > _NAMED else ""
    return SgAssetsError(
        f"{len(unreadable)} records cannot be read: {', '.join(unreadable[:_NAMED])}{more}",
        where=root,
        why="nothing was changed",
        remedy="Repair them, or move them out of the store, and run `sg-assets migrate` again",
    )
