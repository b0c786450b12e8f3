"""The workspace of a work function: its inputs, a scratch folder, and the files that its results go to."""

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
from ulid import ULID

from sg_assets.errors import SgAssetsError, nearest
from sg_assets.store.audit.conditions import error_message
from sg_assets.store.engine import (
    PARQUET,
    PARQUET_LEVEL,
    add_views,
    bound_memory,
    confine,
    connect,
    literal,
    query,
)
from sg_assets.store.machine_record import Machine
from sg_assets.store.manifests import Manifest
from sg_assets.store.refs import Ref
from sg_assets.store.store import Store

if TYPE_CHECKING:
    import polars as pl


@dataclass
class Workspace:
    """The workspace of a work function: its inputs, a scratch folder, and the files that its results go to."""

    outputs: tuple[Ref, ...]
    """The outputs to make; a table or a folder each."""
    inputs: Mapping[str, Sequence[Manifest]]
    """Pinned versions by asset."""
    store: Store
    folder: Path
    """Scratch; gone when the step ends."""
    parameters: Mapping[str, Any]
    details: dict[str, Any] = field(default_factory=dict)
    """Counts and costs to keep in the manifest."""
    machines: list[Machine] = field(default_factory=list)
    """Where numeric work ran, to keep in the manifest."""

    @property
    def ref(self) -> Ref:
        """The output to make; the first, where there are several."""
        return self.outputs[0]

    @property
    def table_file(self) -> Path:
        """Where the table's Parquet file goes."""
        return self.table_file_of(self.ref.asset)

    @property
    def result_folder(self) -> Path:
        """Where the folder's files go."""
        return self.result_folder_of(self.ref.asset)

    def table_file_of(self, asset: str) -> Path:
        """Where an output's Parquet file goes.

        Raises:
            SgAssetsError: the asset is no output.
        """
        return self.folder / f"{self._output(asset)}.parquet"

    def result_folder_of(self, asset: str) -> Path:
        """Where an output's folder goes.

        Raises:
            SgAssetsError: the asset is no output.
        """
        return self.folder / self._output(asset)

    def _output(self, asset: str) -> str:
        known = [ref.asset for ref in self.outputs]
        if asset not in known:
            raise SgAssetsError(f"'{asset}' is not an output", where=str(self.ref), remedy=nearest(asset, known))
        return asset.replace("/", ".")

    def input_path(self, asset: str) -> Path:
        """The one pinned version of an input.

        Raises:
            SgAssetsError: the asset is no input, or is read in several partitions.
        """
        pinned = self.inputs.get(asset, ())
        if len(pinned) != 1:
            raise SgAssetsError(f"{self.ref} pins {len(pinned)} versions of {asset}, one was expected")
        return self.store.path(pinned[0])

    def table(self, asset: str) -> "pl.DataFrame":
        """An input table as a frame."""
        import polars as pl

        return pl.read_parquet(self.input_path(asset))

    @contextmanager
    def connection(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """DuckDB with one view per input table."""
        with self._database.cursor() as connection:
            yield connection

    @cached_property
    def _database(self) -> duckdb.DuckDBPyConnection:
        """Opened at first use, for the whole step; what does not fit in memory goes to the scratch folder."""
        database = connect()
        database.execute(f"SET temp_directory = {literal(self.folder / 'spilled')}")
        tables = {
            asset: [self.store.path(manifest) for manifest in pinned]
            for asset, pinned in self.inputs.items()
            if pinned and pinned[0].kind == "table"
        }
        add_views(database, tables)
        return database

    def ran_on(self, machines: Iterable[Machine]) -> None:
        """Keep where numeric work ran in the manifest, each machine once."""
        for machine in machines:
            if machine not in self.machines:
                self.machines.append(machine)

    def close(self) -> None:
        """Close the database, if it was opened; the next use opens another."""
        if "_database" in vars(self):
            vars(self).pop("_database").close()

    def query(self, sql: str, parameters: Mapping[str, Any] | None = None) -> "pl.DataFrame":
        """The rows of a SELECT over the inputs.

        Raises:
            SgAssetsError: DuckDB refuses it.
        """
        with self.connection() as connection:
            try:
                return query(connection, sql, parameters)
            except duckdb.Error as error:
                raise _failed(error, str(self.ref)) from None

    def write_query(self, sql: str, parameters: Mapping[str, Any], asset: str | None = None) -> None:
        """Stage the result of a SELECT over the inputs as a table, of the first output if none is named.

        Raises:
            SgAssetsError: DuckDB refuses it.
        """
        asset = asset or self.ref.asset
        with self.connection() as connection:
            copy = f"COPY ({sql}\n) TO {literal(self.table_file_of(asset))} ({PARQUET})"
            try:
                connection.execute(copy, dict(parameters))
            except duckdb.Error as error:
                raise _failed(error, f"sql/{asset}.sql") from None

    def write_table(self, frame: "pl.DataFrame", asset: str | None = None) -> None:
        """Stage a frame as a table, of the first output if none is named."""
        file = self.table_file_of(asset or self.ref.asset)
        frame.write_parquet(file, compression="zstd", compression_level=PARQUET_LEVEL)


class ConfinedWorkspace(Workspace):
    """A workspace whose SQL opens its inputs and its folder alone, whatever it is written to read.

    A class of its own, because it decides no row: it is no part of the code of versions.
    """

    @cached_property
    def _database(self) -> duckdb.DuckDBPyConnection:
        database = super()._database  # compares the inputs with their records
        confine(database, chain.from_iterable(self._tables(self.store.location).values()), [self.folder])
        return database

    @contextmanager
    def audit_database(self, further: Iterable[Path]) -> Iterator[duckdb.DuckDBPyConnection]:
        """A database of bounded memory for an audit, instead of that of the work, which is closed.

        Args:
            further: Files that the audit opens besides the inputs.
        """
        were_compared = "_database" in vars(self)
        self.close()
        with connect() as database:
            database.execute(f"SET temp_directory = {literal(self.folder / 'spilled')}")
            tables = self._tables(self.store.location if were_compared else self.store.path)
            add_views(database, tables)
            bound_memory(database)
            confine(database, [*chain.from_iterable(tables.values()), *further], [self.folder])
            yield database

    def _tables(self, find: Callable[[Manifest], Path]) -> dict[str, list[Path]]:
        pinned = ((asset, versions) for asset, versions in self.inputs.items() if versions)
        tables = ((asset, versions) for asset, versions in pinned if versions[0].kind == "table")
        return {asset: [find(manifest) for manifest in versions] for asset, versions in tables}


def _failed(error: duckdb.Error, where: str) -> SgAssetsError:
    # Without what raised it: logs show causes in full, and this one's text may quote a value.
    return SgAssetsError("the SQL failed", where=where, why=error_message(error))


@contextmanager
def open_workspace(
    store: Store, outputs: tuple[Ref, ...], pinned: Sequence[Manifest], parameters: Mapping[str, Any]
) -> Iterator[ConfinedWorkspace]:
    """A workspace in a folder of its own, gone at the end."""
    folder = store.staging / str(ULID())
    folder.mkdir(parents=True)
    by_asset: dict[str, list[Manifest]] = {}
    for manifest in pinned:
        by_asset.setdefault(manifest.asset, []).append(manifest)
    workspace = ConfinedWorkspace(outputs, by_asset, store, folder, parameters)
    try:
        yield workspace
    finally:
        workspace.close()
        shutil.rmtree(folder, ignore_errors=True)
