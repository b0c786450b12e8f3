"""Comparing contents with the manifests of their versions before anything reads them.

Up to a gigabyte a content is compared by the digests of its files each time it is read. A larger content is known by
the identity of its files (size, times, inode, device) since its last digest, and compared by digest again after some
days: a broken disk changes no time. What was compared is remembered in the home, under ``checks/``; losing that costs
a digest of each content.
"""

import contextlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from ulid import ULID

from sg_assets.errors import ContentMissingError, DamagedContentError, DamagedStoreError
from sg_assets.store.backends.interface import Files, sha256_of
from sg_assets.store.manifests import Manifest
from sg_assets.store.sealed_records import sealed, unsealed

DIGESTED_AT_EACH_READ: Final = 1_000_000_000
"""Bytes up to which a content is compared by digest each time it is read: half a second of one core."""
DIGESTED_AGAIN: Final = timedelta(days=7)
"""After this time a larger content is compared by digest again, though the identity of its files is the same."""
REMEMBERED_AGAIN: Final = timedelta(minutes=1)
"""How old the memory of a comparison may be before an equal one replaces it."""
MISSING: Final = "the content is missing"

Identities = Mapping[str, tuple[int, ...]]
"""Size, time of change, time of change of the inode, inode and device of each file, by name in the content."""


@dataclass(frozen=True)
class ContentCheck:
    """The last comparison of a content with its record."""

    identities: Identities
    differences: tuple[str, ...]
    """How it differed; empty where it did not."""
    at: datetime
    whole_at: datetime | None
    """When it was last compared and did not differ."""


class ContentChecks:
    """The comparisons of a store's contents that this machine made."""

    def __init__(self, files: Files, home: Path, *, is_local: bool) -> None:
        """Remember comparisons in a local folder; ``is_local`` says whether the contents lie on this machine."""
        self._files = files
        self._folder = home / "checks"
        self._is_local = is_local

    def differences(self, manifest: Manifest) -> tuple[str, ...]:
        """How a content differs from its record, by the identity of its files; by digest where that is unknown.

        For a store elsewhere: whether all files are there, and what was remembered of them.
        """
        known = self.last(manifest.object)
        if not self._is_local:
            if not self._files.holds(manifest.object, manifest.files):
                return (MISSING,)
            return () if known is None else known.differences
        path = self._files.local(manifest.object)
        identities = _identities(path)
        if not identities:
            return (MISSING,)
        if known is not None and known.identities == identities:
            return known.differences
        return self._digested(manifest, path, identities)

    def loss(self, manifest: Manifest) -> str:
        """What happened to a content that differs from its record: ``gone`` or ``damaged``."""
        return "gone" if self.differences(manifest) == (MISSING,) else "damaged"

    def require(self, manifest: Manifest) -> Path:
        """The path of a content to read now.

        Raises:
            ContentMissingError: it is not stored.
            DamagedContentError: it is not what was published.
        """
        path, differences = self._to_read(manifest)
        if differences and differences != (MISSING,) and self._files.fetch_again(manifest.object):
            path, differences = self._to_read(manifest)
        if not differences:
            return path
        kind = ContentMissingError if differences == (MISSING,) else DamagedContentError
        loss = "is gone" if kind is ContentMissingError else "is damaged, and is not read"
        raise kind(
            f"the content of {manifest.version} {loss}",
            where=str(manifest.ref),
            why=None if kind is ContentMissingError else "; ".join(differences),
            remedy=f"Make it again with `sg-assets run '{manifest.ref}'`, or see `sg-assets verify '{manifest.ref}'`",
        )

    def _to_read(self, manifest: Manifest) -> tuple[Path, tuple[str, ...]]:
        try:
            path = self._files.local(manifest.object)
        except FileNotFoundError:
            return Path(), (MISSING,)
        identities = _identities(path)
        if not identities:
            return path, (MISSING,)
        known = self.last(manifest.object)
        if (
            manifest.bytes > DIGESTED_AT_EACH_READ
            and known is not None
            and known.identities == identities
            and known.at > datetime.now(UTC) - DIGESTED_AGAIN
        ):
            return path, known.differences
        return path, self._digested(manifest, path, identities)

    def _digested(self, manifest: Manifest, path: Path, identities: Identities) -> tuple[str, ...]:
        differences = byte_differences(manifest, path)
        self.remember(manifest.object, differences, identities)
        return differences

    def remember(self, name: str, differences: tuple[str, ...], identities: Identities | None = None) -> None:
        """Remember how a content differs from its record, with the identity of its files at the beginning of that."""
        identities = _identities(self._files.local(name)) if identities is None else identities
        now, known = datetime.now(UTC), self.last(name)
        if (
            known is not None
            and (known.identities, known.differences) == (identities, differences)
            and known.at > now - REMEMBERED_AGAIN
        ):
            return
        whole_at = now if not differences else None if known is None else known.whole_at
        self._write(name, ContentCheck(identities, differences, now, whole_at))

    def last(self, name: str) -> ContentCheck | None:
        """The last comparison of a content; None where none is remembered."""
        try:
            written: Any = json.loads(unsealed(self._file(name).read_bytes(), name))
            whole_at = written["whole_at"]
            return ContentCheck(
                {str(name): tuple(map(int, identity)) for name, identity in written["identities"].items()},
                tuple(map(str, written["differences"])),
                datetime.fromisoformat(written["at"]),
                None if whole_at is None else datetime.fromisoformat(whole_at),
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError, DamagedStoreError):
            return None

    def _file(self, name: str) -> Path:
        return self._folder / f"{name}.json"

    def _write(self, name: str, check: ContentCheck) -> None:
        """Not brought to the disk, and no error where it fails: losing it costs a digest."""
        text = json.dumps(
            {
                "identities": check.identities,
                "differences": check.differences,
                "at": check.at.isoformat(),
                "whole_at": None if check.whole_at is None else check.whole_at.isoformat(),
            }
        )
        file = self._file(name)
        temporary = file.with_name(f"{ULID()}.part")
        with contextlib.suppress(OSError):
            try:
                file.parent.mkdir(parents=True, exist_ok=True)
                temporary.write_text(sealed(text), encoding="utf-8")
                temporary.replace(file)
            finally:
                temporary.unlink(missing_ok=True)


def byte_differences(manifest: Manifest, path: Path) -> tuple[str, ...]:
    """How the files of a content differ from those that its manifest names: missing, unreadable, other, too many.

    Args:
        manifest: The version.
        path: Where its content lies.
    """
    present = _identities(path)
    if not present:
        return (MISSING,)
    lines = []
    for name, digest in sorted(manifest.files.items()):
        if name not in present:
            lines.append(f"file '{name}' is missing" if name != "." else "a folder lies where its file was")
        else:
            lines += _other_bytes(path / name, name, digest)
    extra = sorted(present.keys() - manifest.files.keys())
    if manifest.kind == "folder":
        lines += [f"file '{name}' is not one of its files" if name != "." else "a file lies where its folder was"
                  for name in extra]  # fmt: skip
    return tuple(lines)


def _other_bytes(file: Path, name: str, digest: str) -> list[str]:
    try:
        if sha256_of(file) == digest:
            return []
    except OSError as error:
        return [f"file '{name}' cannot be read ({error.strerror})" if name != "." else
                f"the file cannot be read ({error.strerror})"]  # fmt: skip
    return [f"the bytes of file '{name}' differ" if name != "." else "the file's bytes differ"]


def file_identity(file: Path) -> tuple[int, ...]:
    """Size, time of change, time of change of the inode, inode and device of a file.

    Raises:
        OSError: it cannot be looked at.
    """
    return _identity(file.stat())


def _identities(path: Path) -> Identities:
    """The identities of a content's files; none where nothing lies there."""
    try:
        if not path.is_dir():
            return {".": _identity(path.stat())}
        return dict(_inside(path, ""))
    except OSError:
        return {}


def _inside(folder: Path, prefix: str) -> list[tuple[str, tuple[int, ...]]]:
    identities: list[tuple[str, tuple[int, ...]]] = []
    with os.scandir(folder) as entries:
        for entry in entries:
            name = f"{prefix}{entry.name}"
            if entry.is_dir():
                identities += _inside(Path(entry.path), f"{name}/")
            elif entry.is_file():
                identities.append((name, _identity(entry.stat())))
    return identities


def _identity(stat: os.stat_result) -> tuple[int, ...]:
    return (stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino, stat.st_dev)
