"""``registry.duckdb``: one view per asset and tables of versions and pins, for anyone with a DuckDB client."""

import contextlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
from ulid import ULID

from sg_assets.store.catalogue_label import CATALOGUE, LABEL, catalogue_state, label_text
from sg_assets.store.engine import WITHOUT_SCANS, add_views
from sg_assets.store.manifests import Manifest
from sg_assets.store.marks import acceptances
from sg_assets.store.store import Store

if TYPE_CHECKING:
    import polars as pl


class Catalogue:
    """When the catalogue of a store is written anew: after each step, or once for many steps of a run."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._is_deferred = False
        # Who published and was killed before writing it may have left it behind.
        self._is_behind = True

    def published(self) -> None:
        """Write it for something that became current; within `deferred`, at the end of that."""
        self._is_behind = True
        if not self._is_deferred:
            self._catch_up()

    @contextmanager
    def deferred(self) -> Iterator[None]:
        """Write it at the end of the block, if at all, however that ends."""
        self._is_deferred = True
        try:
            yield
        finally:
            self._is_deferred = False
            self._catch_up()

    def _catch_up(self) -> None:
        if self._is_behind:
            rebuild(self._store)
            self._is_behind = False


def refresh(store: Store) -> None:
    """Write it anew; no error where that is not possible: then the next command tries again."""
    with contextlib.suppress(OSError, duckdb.Error):
        rebuild(store)


def rebuild(store: Store) -> Path:
    """Write a new catalogue and swap it in; readers of the old one are not disturbed.

    It is repeated where something was published meanwhile, so the slower of two writers leaves no older state behind.

    Views hold absolute paths: the catalogue serves the machine it was built on, and moves with a rebuild. For a root
    elsewhere it lies in the store's home, over local copies, which are fetched: a client needs no credentials then, and
    no extension. Copies that are dropped later come back with the next rebuild.
    """
    while True:
        state = catalogue_state(store)
        _write(store)
        _label(store, state)
        if catalogue_state(store) == state:
            return store.home / CATALOGUE


def _write(store: Store) -> None:
    refs = store.refs()
    heads = [head for ref in refs if (head := store.readable_head(ref)) is not None]
    versions = [version for ref in refs for version in store.versions(ref)]
    store.staging.mkdir(parents=True, exist_ok=True)
    temporary = store.staging / f"{ULID()}.duckdb"
    with duckdb.connect(str(temporary), config={**WITHOUT_SCANS}) as connection:
        add_views(connection, _tables(store, heads))
        connection.register("version_rows", _version_rows(versions, heads, _accepted(store, versions)).to_arrow())
        connection.execute("CREATE TABLE versions AS SELECT * FROM version_rows ORDER BY asset, partition, version")
        connection.register("pin_rows", _pin_rows(versions).to_arrow())
        connection.execute("CREATE TABLE pins AS SELECT * FROM pin_rows ORDER BY ALL")
    _replace(temporary, store.home / CATALOGUE)


def _label(store: Store, state: Sequence[str]) -> None:
    """Say what the catalogue was written from. Where another process was quicker, the next command sees that."""
    temporary = store.staging / f"{ULID()}.json"
    temporary.write_text(label_text(store.home / CATALOGUE, state), encoding="utf-8")
    _replace(temporary, store.home / LABEL)


def _replace(temporary: Path, final: Path) -> None:
    if final.is_dir():  # a file came to harm so
        final.rename(temporary.with_suffix(".folder"))
    temporary.replace(final)


def _tables(store: Store, heads: Sequence[Manifest]) -> dict[str, list[Path]]:
    tables: dict[str, list[Path]] = {}
    for head in heads:
        if head.kind == "table" and store.has_content(head):
            tables.setdefault(head.asset, []).append(store.location(head))
    return tables


def _accepted(store: Store, versions: Sequence[Manifest]) -> set[str]:
    """Versions that count as made by another recipe than their own."""
    return {version.version for version in versions if acceptances(version, store.marks.readable(version.ref))}


def _version_rows(versions: Sequence[Manifest], heads: Sequence[Manifest], accepted: set[str]) -> "pl.DataFrame":
    import polars as pl

    current = {head.version for head in heads}
    schema: dict[str, pl.DataType | type[pl.DataType]] = {
        "asset": pl.String, "partition": pl.String, "version": pl.String, "is_current": pl.Boolean,
        "fingerprint": pl.String, "rows": pl.Int64, "bytes": pl.Int64, "seconds": pl.Float64,
        "finished": pl.Datetime(time_zone="UTC"), "run_id": pl.String, "object": pl.String,
        "user": pl.String, "host": pl.String, "accepted": pl.Boolean,
    }  # fmt: skip
    rows = [
        (m.asset, m.partition, m.version, m.version in current, m.fingerprint, m.rows, m.bytes, m.seconds,
         m.finished, m.run_id, m.object, m.made_by and m.made_by.user, m.made_by and m.made_by.host,
         m.version in accepted)
        for m in versions
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


def _pin_rows(versions: Sequence[Manifest]) -> "pl.DataFrame":
    import polars as pl

    names = ["asset", "partition", "version", "input_asset", "input_partition", "input_version", "input_fingerprint"]
    rows = [
        (m.asset, m.partition, m.version, pin.asset, pin.partition, pin.version, pin.fingerprint)
        for m in versions
        for pin in m.inputs
    ]
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
