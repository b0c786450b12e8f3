"""DuckDB connections for steps: in memory, with one view per pinned input."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import duckdb

from sg_assets.store.fingerprints import quote

if TYPE_CHECKING:
    import polars as pl

WITHOUT_SCANS: Final[Mapping[str, bool]] = {"python_enable_replacements": False}
"""The setting of every connection: a name in SQL never stands for a Python variable. Else a local's name decides what
is read, and nobody sees that it does."""

# Stable over releases, unlike DuckDB's own hash(): it decides who is sampled.
_SAMPLE_RANK = "CREATE MACRO sample_rank(purpose, seed, key) AS md5(purpose || ':' || seed || ':' || key)"

PARQUET_LEVEL: Final = 2
"""Of zstd. The usual level 3 takes 1.6 times as long for files of the same size; level 1 sees rows that repeat from too
near, and templated prompts take three times the space."""
# Looking for a dictionary in columns that have none, such as texts, costs up to a fifth of the time of writing.
PARQUET: Final = f"FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL {PARQUET_LEVEL}, DICTIONARY_SIZE_LIMIT 1000"
"""How tables are written, as options of COPY."""

CHECKING_MEMORY: Final = "1GB"
"""What DuckDB may hold while a table is checked, before it spills: Python and its libraries need half as much again."""
THREADS: Final = 4
"""Of a database whose memory is bounded: each holds blocks that cannot be spilled, so more of them need more memory."""


def connect() -> duckdb.DuckDBPyConnection:
    """An in-memory connection with the project's macros."""
    connection = duckdb.connect(config={**WITHOUT_SCANS})
    # Order comes from ORDER BY alone; keeping insertion order costs 8-10x the memory on large joins.
    connection.execute("SET preserve_insertion_order = false")
    connection.execute(_SAMPLE_RANK)
    return connection


def confine(connection: duckdb.DuckDBPyConnection, files: Iterable[Path] = (), folders: Iterable[Path] = ()) -> None:
    """Let the database of a connection open these files alone from now on, and change no setting any more.

    Points in time become texts and dates in UTC, wherever the machine is.

    SQL that people write runs here. That it reads assets alone is checked when it is loaded; if such a check can be
    evaded, DuckDB still refuses any other file, the network, extensions and other databases.

    Args:
        connection: One of the database.
        files: What it may read.
        folders: Where it may read and write: of the result, and of what does not fit in memory, which goes nowhere
            where there is none.
    """
    connection.execute("SET TimeZone = 'UTC'")
    folders = tuple(folders)
    if not folders:
        connection.execute("SET temp_directory = ''")  # DuckDB allows itself this folder
    folder_names = (f"{folder.absolute()}/" for folder in folders)
    connection.execute(f"SET allowed_paths = [{', '.join(literal(file.absolute()) for file in files)}]")
    connection.execute(f"SET allowed_directories = [{', '.join(map(literal, folder_names))}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")


def bound_memory(connection: duckdb.DuckDBPyConnection, memory: str = CHECKING_MEMORY, threads: int = THREADS) -> None:
    """Let the database of a connection hold so much at most from now on, and work in as many threads as that suffices.

    What does not fit goes to its temporary directory, which must be set before. Below 125 MB a thread DuckDB gives up.
    """
    connection.execute(f"SET memory_limit = '{memory}'")
    connection.execute(f"SET threads = least({threads}, current_setting('threads'))")


def add_views(connection: duckdb.DuckDBPyConnection, tables: Mapping[str, Sequence[Path]]) -> None:
    """Create ``schema.table`` views over the Parquet files of each asset (several files: several partitions)."""
    for asset, files in tables.items():
        schema, table = asset.split("/")
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {quote(schema)}")
        connection.execute(f"CREATE VIEW {quote(schema)}.{quote(table)} AS SELECT * FROM {parquet(files)}")


def query(
    connection: duckdb.DuckDBPyConnection, sql: str, parameters: Mapping[str, str | int | float | bool] | None = None
) -> "pl.DataFrame":
    """The rows of a SELECT as a frame."""
    rows: pl.DataFrame = connection.sql(sql, params=dict(parameters or {})).pl()
    return rows


def parquet(files: Iterable[Path]) -> str:
    """A ``read_parquet`` call over files, as SQL text."""
    return f"read_parquet([{', '.join(literal(file) for file in files)}])"


def literal(text: Path | str) -> str:
    """A path or a text as an SQL string."""
    return "'" + str(text).replace("'", "''") + "'"
