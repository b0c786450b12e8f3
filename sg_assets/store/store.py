"""The store: immutable objects, manifests that pin what they were made from, and heads that say what is current.

Layout under the root: ``store.json``, ``objects/<schema>/<table>/<fingerprint>.parquet``,
``artifacts/<schema>/<name>/<fingerprint>/``, ``manifests/<schema>/<table>/<partition>/<version>.json``,
``heads/<schema>/<table>/<partition>/<ULID>.json``, ``runs/<run>/...`` (which version a run made or found current),
``code/`` (source texts), ``staging/`` (work in progress).
"""

import contextlib
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from pydantic import ValidationError
from ulid import ULID

from sg_assets.errors import SgAssetsError
from sg_assets.store.files import write_new
from sg_assets.store.manifests import FORMAT, HeadEntry, Manifest
from sg_assets.store.refs import Ref

_VERSION = re.compile(r"[0-9A-Z]{26}-[0-9a-f]{8}")


class Store:
    """Versions of every asset under one root folder, for one profile."""

    def __init__(self, root: Path, profile: str) -> None:
        """Open a store, creating it where there is none.

        Raises:
            SgAssetsError: the root belongs to another profile, or has a format this code does not read.
        """
        self.root = root.absolute()
        self.profile = profile
        self.staging = self.root / "staging"
        self._known: dict[str, Manifest] = {}
        identity = {"format": FORMAT, "profile": profile}
        path = self.root / "store.json"
        if not path.exists():
            # Another process may open it in the same moment; its word is checked below like any other.
            with contextlib.suppress(FileExistsError):
                write_new(path, json.dumps(identity), self.staging)
        _check_identity(path, identity)

    def head(self, ref: Ref) -> Manifest | None:
        """The current version, or None where nothing was published."""
        entry = self._last_entry(ref)
        return None if entry is None else self.manifest(ref, entry.version)

    def required_head(self, ref: Ref) -> Manifest:
        """The current version.

        Raises:
            SgAssetsError: nothing was published yet.
        """
        head = self.head(ref)
        if head is None:
            raise SgAssetsError(f"{ref} has no version yet", remedy="Materialize it first")
        return head

    def manifest(self, ref: Ref, version: str) -> Manifest:
        """A version's record.

        Raises:
            SgAssetsError: there is no such version, or its record cannot be read.
        """
        path = self.root / "manifests" / ref.folder / f"{version}.json"
        if str(path) not in self._known:
            try:
                self._known[str(path)] = Manifest.model_validate_json(path.read_bytes())
            except FileNotFoundError as error:
                raise SgAssetsError(f"{ref} has no version '{version}'") from error
            except ValidationError as error:
                raise SgAssetsError("the manifest cannot be read", where=str(path), why=str(error)) from error
        return self._known[str(path)]

    def versions(self, ref: Ref) -> list[Manifest]:
        """All versions of a partition, oldest first."""
        folder = self.root / "manifests" / ref.folder
        return [self.manifest(ref, path.stem) for path in sorted(folder.glob("*.json"))]

    def find(self, version: str) -> Manifest:
        """A version by its id alone.

        Raises:
            SgAssetsError: there is no such version.
        """
        if _VERSION.fullmatch(version):
            for path in (self.root / "manifests").glob(f"*/*/*/{version}.json"):
                schema, table, part = path.relative_to(self.root / "manifests").parts[:3]
                return self.manifest(Ref.of(f"{schema}/{table}", None if part == "-" else part), version)
        raise SgAssetsError(f"there is no version '{version}'", remedy="List them with `sg-assets versions <asset>`")

    def with_recipe(self, ref: Ref, recipe: str) -> Manifest | None:
        """The newest version made by a recipe, if any: repeating it would give the same again."""
        for manifest in reversed(self.versions(ref)):
            if manifest.recipe == recipe and self.path(manifest).exists():
                return manifest
        return None

    def path(self, manifest: Manifest) -> Path:
        """A version's Parquet file or folder."""
        return self.root / manifest.object

    def seen_by_run(self, ref: Ref, run_id: str) -> Manifest | None:
        """The version a run made or confirmed; what it builds later uses that, whatever others publish."""
        try:
            version = self._run_path(ref, run_id).read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        return self.manifest(ref, version)

    def publish(self, manifest: Manifest) -> None:
        """Make a version current: its record first, its head entry last. Its content must be in place."""
        if not self.path(manifest).exists():
            raise AssertionError(f"content of {manifest.ref} is not in place")
        text = manifest.model_dump_json(indent=1)
        write_new(self.root / "manifests" / manifest.ref.folder / f"{manifest.version}.json", text, self.staging)
        self.set_head(manifest, manifest.run_id)

    def set_head(self, manifest: Manifest, run_id: str) -> None:
        """Append a head entry for an existing version, unless it is current already, and note it for the run."""
        current = self._last_entry(manifest.ref)
        if current is None or current.version != manifest.version:
            entry = HeadEntry(
                action="publish",
                version=manifest.version,
                replaces=None if current is None else current.version,
                run_id=run_id,
                at=datetime.now(UTC),
            )
            path = self.root / "heads" / manifest.ref.folder / f"{self._next_entry(manifest.ref)}.json"
            write_new(path, entry.model_dump_json(), self.staging)
        self._note_for_run(manifest, run_id)

    def keep_code(self, texts: Mapping[str, str]) -> None:
        """Keep source texts by digest, for diffs and rebuilds."""
        for digest, text in texts.items():
            path = self.root / "code" / f"{digest}.txt"
            if not path.exists():
                with contextlib.suppress(FileExistsError):
                    write_new(path, text, self.staging)

    def refs(self) -> list[Ref]:
        """Every partition that has a head, sorted."""
        folders = {path.parent for path in (self.root / "heads").glob("*/*/*/*.json")}
        parts = (folder.relative_to(self.root / "heads").parts for folder in folders)
        return sorted(
            (Ref.of(f"{schema}/{table}", None if part == "-" else part) for schema, table, part in parts), key=str
        )

    def _last_entry(self, ref: Ref) -> HeadEntry | None:
        entries = self._entries(ref)
        return HeadEntry.model_validate_json(entries[-1].read_bytes()) if entries else None

    def _next_entry(self, ref: Ref) -> ULID:
        """A name after every entry there is, even where the clock went back."""
        entries, now = self._entries(ref), ULID()
        return max(now, ULID.from_int(int(ULID.from_str(entries[-1].stem)) + 1)) if entries else now

    def _entries(self, ref: Ref) -> list[Path]:
        return sorted((self.root / "heads" / ref.folder).glob("*.json"))

    def _run_path(self, ref: Ref, run_id: str) -> Path:
        return self.root / "runs" / run_id / f"{ref.schema}.{ref.table}.{ref.partition or '-'}"

    def _note_for_run(self, manifest: Manifest, run_id: str) -> None:
        path = self._run_path(manifest.ref, run_id)
        if not path.exists():
            write_new(path, manifest.version, self.staging)


def _check_identity(path: Path, identity: Mapping[str, object]) -> None:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise SgAssetsError("the store's identity cannot be read", where=str(path)) from error
    if found.get("profile") != identity["profile"]:
        raise SgAssetsError(
            f"the store belongs to profile '{found.get('profile')}', not '{identity['profile']}'",
            where=str(path.parent),
            remedy=f"Set SG_PROFILE={found.get('profile')}, or another SG_HOME",
        )
    if found.get("format") != identity["format"]:
        raise SgAssetsError(f"the store has format {found.get('format')}, this code reads {FORMAT}", where=str(path))
