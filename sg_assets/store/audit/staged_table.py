"""A table that is about to be published, as suites see it: its rows, its ancestors, and the version before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import duckdb

from sg_assets.errors import SgAssetsError
from sg_assets.store.engine import add_views
from sg_assets.store.manifests import Manifest
from sg_assets.store.pinned_inputs import lineage
from sg_assets.store.refs import Ref
from sg_assets.store.store import Store


@dataclass(frozen=True)
class Ancestry:
    """The ancestors of a staged table, however far back, and the published version of its partition."""

    store: Store
    ref: Ref
    inputs: Sequence[Manifest]

    @property
    def published(self) -> Path | None:
        """The table that is current, which the staged one would replace, as it was when first asked for.

        Another run may publish meanwhile: all of an audit still compares with the same version. None where nothing is
        published, or where it was made from other tables, such as a user's own comments: then the two are about
        different data, and comparing them says nothing.

        Raises:
            SgAssetsError: its content, or a record of it or of what it was made from, is lost or damaged: what is new
                is not held up by that.
        """
        if isinstance(self._published, SgAssetsError):
            raise self._published
        return self._published

    @cached_property
    def _published(self) -> Path | SgAssetsError | None:
        """The table, or why it cannot be read."""
        try:
            head = self.store.head(self.ref)
            if head is None or head.kind != "table":
                return None
            inputs = [self.store.manifest(pin.ref, pin.version) for pin in head.inputs]
            return self.store.path(head) if self._made_from(inputs) == self._made_from(self.inputs) else None
        except SgAssetsError as error:
            return error

    def _made_from(self, inputs: Sequence[Manifest]) -> set[tuple[str, frozenset[str]]]:
        """Which assets a version is made from, and each of them in turn."""
        first = (self.ref.asset, frozenset(manifest.asset for manifest in inputs))
        pins = {(pin.ref, pin.version) for manifest in inputs for pin in lineage(self.store, manifest)}
        ancestors = (self.store.manifest(ref, version) for ref, version in pins)
        return {first, *((manifest.asset, frozenset(pin.asset for pin in manifest.inputs)) for manifest in ancestors)}

    def tables(self, asset: str) -> list[Path]:
        """The contents of an asset that the inputs were made from, each once; none where it is no ancestor of them."""
        tables = [manifest for manifest in self._ancestors.get(asset, ()) if manifest.kind == "table"]
        by_fingerprint = {manifest.fingerprint: manifest for manifest in tables}
        return [self.store.path(manifest) for _, manifest in sorted(by_fingerprint.items())]

    @cached_property
    def _ancestors(self) -> Mapping[str, list[Manifest]]:
        ancestors: dict[str, dict[str, Manifest]] = {}
        for pin in (pin for manifest in self.inputs for pin in lineage(self.store, manifest)):
            ancestors.setdefault(pin.asset, {})[pin.version] = self.store.manifest(pin.ref, pin.version)
        return {asset: list(versions.values()) for asset, versions in ancestors.items()}


@dataclass(frozen=True)
class StagedTable:
    """A staged table."""

    connection: duckdb.DuckDBPyConnection
    """Where it is ``this``, and each table it was made of ``schema.table``."""
    relation: str
    """The table as trusted SQL text, for other connections to the same database."""
    key: tuple[str, ...]
    columns: Mapping[str, str]
    """Types by name."""
    ancestry: Ancestry | None = None
    """None where a table is looked at alone."""

    def can_read(self, asset: str) -> bool:
        """Whether a table can be read as ``schema.table``: an input, or an ancestor, which becomes readable now."""
        if self._is_view(asset):
            return True
        files = self.ancestry.tables(asset) if self.ancestry else []
        if files:
            add_views(self.connection, {asset: files})
        return bool(files)

    def _is_view(self, asset: str) -> bool:
        schema, table = asset.split("/")
        views = self.connection.execute(
            "SELECT 1 FROM information_schema.tables WHERE table_schema = ? AND table_name = ?", [schema, table]
        )
        return views.fetchone() is not None
