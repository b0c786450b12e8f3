"""A store for trying work out: versions that it lacks are read from the store beneath, which it never writes to."""

from pathlib import Path

from sg_assets.errors import UnknownVersionError
from sg_assets.store.manifests import Manifest
from sg_assets.store.marks import NamedMark
from sg_assets.store.refs import Ref
from sg_assets.store.store import Store


class ScratchStore(Store):
    """Versions of its own over those of another store. No head is looked for beneath: nothing is current here."""

    def __init__(self, root: Path, beneath: Store) -> None:
        """Open or make it in a local folder, on any file system."""
        super().__init__(root, beneath.profile)
        self.beneath = beneath

    def path(self, manifest: Manifest) -> Path:
        """See ``Store``."""
        return super().path(manifest) if super().has_content(manifest) else self.beneath.path(manifest)

    def location(self, manifest: Manifest) -> Path:
        """See ``Store``."""
        own = super().location(manifest)
        return own if own.exists() else self.beneath.location(manifest)

    def has_content(self, manifest: Manifest) -> bool:
        """See ``Store``."""
        return super().has_content(manifest) or self.beneath.has_content(manifest)

    def manifest(self, ref: Ref, version: str) -> Manifest:
        """See ``Store``."""
        try:
            return super().manifest(ref, version)
        except UnknownVersionError:
            return self.beneath.manifest(ref, version)

    def marks_of(self, ref: Ref) -> list[NamedMark]:
        """See ``Store``."""
        return [*self.beneath.marks_of(ref), *super().marks_of(ref)]
