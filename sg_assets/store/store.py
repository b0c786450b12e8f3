"""The store: immutable objects, manifests that pin what they were made from, and heads that say what is current.

Layout under the root: ``store.json``, ``objects/<schema>/<table>/<fingerprint>.parquet``,
``artifacts/<schema>/<name>/<fingerprint>/``, ``manifests/<schema>/<table>/<partition>/<version>.json``,
``heads/<schema>/<table>/<partition>/<ULID>.json``, ``marks/<schema>/<table>/<partition>/<ULID>.json`` (what was said of
versions later), ``runs/<run>/...`` (which version a run made or found current), ``code/`` (source texts), ``staging/``
(work in progress), ``copies/`` (of records), ``damaged/`` (what was set aside), ``checks/`` (past comparisons).
"""

import contextlib
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Literal

from upath import UPath

from sg_assets.errors import DamagedStoreError, NotPublishedError, UnknownVersionError
from sg_assets.store.backends.opening import CACHE_BYTES, home_of, is_local, open_files
from sg_assets.store.content_checks import ContentChecks
from sg_assets.store.format_upgrades import read_manifest
from sg_assets.store.heads import Heads
from sg_assets.store.identity import require_identity
from sg_assets.store.manifests import HeadEntry, MadeBy, Manifest, PinnedInput
from sg_assets.store.marks import Marks, NamedMark, acceptances, recipes_of
from sg_assets.store.refs import Ref
from sg_assets.store.sealed_records import REPAIR, read_bytes, read_record, sealed, unsealed

_VERSION = re.compile(r"[0-9A-Z]{26}-[0-9a-f]{8}")


class Store:
    """Versions of every asset under one root, for one profile."""

    def __init__(
        self,
        root: Path | UPath,
        profile: str,
        home: Path | None = None,
        cache_bytes: int = CACHE_BYTES,
        *,
        with_identity: bool = True,
    ) -> None:
        """Open a store, creating it where there is none.

        Args:
            root: A local folder, or a URL of a file system that fsspec knows, such as ``gs://bucket/prefix``.
            profile: Whose versions it holds.
            home: For a root elsewhere: the local folder for staged work, copies of contents and the catalogue.
            cache_bytes: For a root elsewhere: how much of ``home`` the copies may take.
            with_identity: Whether its identity is read, or written where there is none. Not where it is to be mended.

        Raises:
            IncompatibleStoreError: it belongs to another profile, or has a format this code does not read.
            SgAssetsError: the root cannot be reached.
        """
        self.root = UPath(root).absolute()
        self.profile = profile
        self.home = home_of(self.root, home)
        """Local, and this machine's own."""
        self.staging = self.home / "staging"
        self.files = open_files(self.root, self.home, cache_bytes)
        self.heads = Heads(self.files)
        self.marks = Marks(self.files)
        self.checks = ContentChecks(self.files, self.home, is_local=is_local(self.root))
        self._known: dict[str, Manifest] = {}
        if with_identity:
            require_identity(self.files, str(self.root), profile)

    def head(self, ref: Ref) -> Manifest | None:
        """The current version, or None where nothing was published.

        Raises:
            DamagedStoreError: the record that says what is current, or that of the version, is damaged or lost.
        """
        entry = self.heads.last(ref)
        if entry is None:
            return None
        try:
            return self.manifest(ref, entry.version)
        except UnknownVersionError as error:
            raise DamagedStoreError(
                f"the record of the current version {entry.version} is missing", where=str(ref), remedy=REPAIR
            ) from error

    def readable_head(self, ref: Ref) -> Manifest | None:
        """The current version; None where nothing was published, and where its records are damaged."""
        try:
            return self.head(ref)
        except DamagedStoreError:
            return None

    def required_head(self, ref: Ref) -> Manifest:
        """The current version.

        Raises:
            NotPublishedError: nothing was published yet.
        """
        head = self.head(ref)
        if head is None:
            raise NotPublishedError(f"{ref} has no version yet", remedy="Materialize it first")
        return head

    def manifest(self, ref: Ref, version: str) -> Manifest:
        """A version's record.

        Raises:
            UnknownVersionError: there is no such version.
            DamagedStoreError: its record cannot be read.
        """
        name = _manifest_name(ref, version)
        if name not in self._known:
            try:
                self._known[name] = self.read_manifest(name)
            except FileNotFoundError as error:
                raise UnknownVersionError(f"{ref} has no version '{version}'") from error
        return self._known[name]

    def forget_manifests(self) -> None:
        """Read every record anew from now on: one of them was replaced by a repair."""
        self._known.clear()

    def read_manifest(self, name: str, data: bytes | None = None) -> Manifest:
        """A manifest by the name of its record, or from the bytes of that.

        Raises:
            FileNotFoundError: there is no such record.
            DamagedStoreError: it cannot be read.
        """
        where = f"{self.root}/{name}"
        stored = read_record(self.files, name, where) if data is None else unsealed(data, where)
        manifest = read_manifest(stored, where)
        if not name.endswith(f"/{manifest.ref.folder}/{manifest.version}.json"):
            why = "it is the record of another version"
            raise DamagedStoreError("the record of a version cannot be read", where=where, why=why, remedy=REPAIR)
        return manifest

    def versions(self, ref: Ref) -> list[Manifest]:
        """All versions of a partition whose records can be read, oldest first."""
        return self._versions(ref)[0]

    def damaged_versions(self, ref: Ref) -> list[DamagedStoreError]:
        """Why records of a partition's versions cannot be read, for each that cannot."""
        return self._versions(ref)[1]

    def _versions(self, ref: Ref) -> tuple[list[Manifest], list[DamagedStoreError]]:
        versions, errors = [], []
        for name in self.files.glob(f"manifests/{ref.folder}/*.json"):
            try:
                versions.append(self.manifest(ref, PurePosixPath(name).stem))
            except DamagedStoreError as error:
                errors.append(error)
        return versions, errors

    def all_versions(self) -> list[Manifest]:
        """All versions of all partitions whose records can be read, also of partitions without a head."""
        folders = {name.split("/", 1)[1].rpartition("/")[0] for name in self.files.glob("manifests/*/*/*/*.json")}
        return [version for folder in sorted(folders) for version in self.versions(Ref.of_folder(folder))]

    def find(self, version: str) -> Manifest:
        """A version by its id alone.

        Raises:
            UnknownVersionError: there is no such version.
        """
        for ref in self.where(version, "manifests"):
            return self.manifest(ref, version)
        raise UnknownVersionError(
            f"unknown version '{version}'", remedy="List versions with `sg-assets versions <asset>`"
        )

    def where(self, version: str, section: str) -> list[Ref]:
        """The partition whose folder in a section holds a record of a version; empty where there is none."""
        names = self.files.glob(f"{section}/*/*/*/{version}.json") if _VERSION.fullmatch(version) else []
        return [Ref.of_folder(name.removeprefix(f"{section}/").rpartition("/")[0]) for name in names]

    def with_recipe(self, ref: Ref, recipe: str) -> list[Manifest]:
        """Versions that count as made by a recipe and whose content is stored, newest first.

        Repeating it would give the same again.
        """
        versions, marks = self.versions(ref), self.marks_of(ref)
        counting = [version for version in reversed(versions) if recipe in recipes_of(version, marks)]
        return [version for version in counting if self.has_content(version)]

    def counts_as(self, manifest: Manifest, recipe: str) -> bool:
        """Whether a version was made by a recipe, or is accepted as made by it."""
        return recipe in recipes_of(manifest, self.marks_of(manifest.ref))

    def acceptances(self, manifest: Manifest) -> tuple[NamedMark, ...]:
        """The acceptances that hold for a version, oldest first."""
        return acceptances(manifest, self.marks_of(manifest.ref))

    def marks_of(self, ref: Ref) -> list[NamedMark]:
        """The marks of a partition's versions, oldest first."""
        return self.marks.of(ref)

    def path(self, manifest: Manifest) -> Path:
        """A version's Parquet file or folder on this machine, to be read now: it was compared with its record.

        Raises:
            ContentMissingError: it is not stored.
            DamagedContentError: it is not what was published.
        """
        return self.checks.require(manifest)

    def location(self, manifest: Manifest) -> Path:
        """Where a version's Parquet file or folder lies on this machine, to be shown and not to be read."""
        return self.files.local(manifest.object)

    def has_content(self, manifest: Manifest) -> bool:
        """Whether a version's content is stored and whole; it may have been removed or damaged."""
        return not self.checks.differences(manifest)

    def seen_by_run(self, ref: Ref, run_id: str) -> Manifest | None:
        """The version a run made or confirmed; what it builds later uses that, whatever others publish."""
        name = _run_name(ref, run_id)
        try:
            version = read_bytes(self.files, name).decode(errors="replace")
        except FileNotFoundError:
            return None
        try:
            return self.manifest(ref, version)
        except UnknownVersionError as error:
            raise DamagedStoreError(
                "it names no version that exists", where=f"{self.root}/{name}", remedy=REPAIR
            ) from error

    def is_recorded(self, manifest: Manifest) -> bool:
        """Whether a version exists."""
        return bool(self.files.glob(_manifest_name(manifest.ref, manifest.version)))

    def record(self, manifest: Manifest) -> None:
        """Write a version's manifest; from then on it exists. Its content must be in place."""
        if not self.has_content(manifest):
            raise AssertionError(f"the content of {manifest.ref} is missing")
        name = _manifest_name(manifest.ref, manifest.version)
        self.files.write_new(name, sealed(manifest.model_dump_json(indent=1)))

    def set_head(
        self,
        manifest: Manifest,
        action: Literal["publish", "revert", "release", "repair"],
        *,
        run_id: str | None = None,
        note: str | None = None,
        by: MadeBy | None = None,
    ) -> HeadEntry | None:
        """Make an existing version current and note it for the run; None where it was current already.

        Where what was current before cannot be read, the damaged entry is set aside after the new one is written.
        """
        current, entry = self.heads.readable_last(manifest.ref), None
        if current is None or current.version != manifest.version:
            entry = HeadEntry(
                action=action,
                version=manifest.version,
                replaces=None if current is None else current.version,
                stale_inputs=tuple(pin for pin in manifest.inputs if not self._is_current(pin)),
                run_id=run_id,
                note=note,
                at=datetime.now(UTC),
                by=by,
            )
            self.heads.append(manifest.ref, entry)
            self.heads.set_aside_damaged(manifest.ref)
        if run_id is not None:
            self._note_for_run(manifest, run_id)
        return entry

    def keep_code(self, texts: Mapping[str, str]) -> None:
        """Keep source texts by digest, for diffs and rebuilds."""
        kept = set(self.files.glob("code/*.txt"))
        for digest, text in texts.items():
            name = f"code/{digest}.txt"
            if name not in kept:
                with contextlib.suppress(FileExistsError):
                    self.files.write_new(name, text)

    def refs(self) -> list[Ref]:
        """Every partition that has a head, sorted."""
        return self.heads.refs()

    @property
    def is_local(self) -> bool:
        """Whether its files lie on a disk of this machine."""
        return is_local(self.root)

    def _is_current(self, pin: PinnedInput) -> bool:
        """Whether the content read is the content of the head; another version of it is as good."""
        head = self.readable_head(pin.ref)
        return head is not None and head.fingerprint == pin.fingerprint

    def _note_for_run(self, manifest: Manifest, run_id: str) -> None:
        # The first version a run saw stays its version.
        with contextlib.suppress(FileExistsError):
            self.files.write_new(_run_name(manifest.ref, run_id), manifest.version)


def is_version(name: str) -> bool:
    """Whether a text is written like the id of a version."""
    return _VERSION.fullmatch(name) is not None


def _manifest_name(ref: Ref, version: str) -> str:
    return f"manifests/{ref.folder}/{version}.json"


def _run_name(ref: Ref, run_id: str) -> str:
    return f"runs/{run_id}/{ref.schema}.{ref.table}.{ref.partition or '-'}"
