"""The texts that inspections read, as SQL."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import duckdb
import polars as pl

from sg_assets.declarations.records.inspections import OfTexts
from sg_assets.store.audit.staged_table import StagedTable
from sg_assets.store.engine import literal
from sg_assets.store.fingerprints import quote

SEEN: Final = "_seen_texts"
"""The temporary table of ``id``, ``text`` and ``side`` that inspections of texts share."""


_BATCH: Final = 20_000


def gather(staged: StagedTable, inspection: OfTexts, values: Mapping[str, Any]) -> int:
    """Put the inspected texts into `SEEN`, without missing ones.

    Returns:
        The number of texts.
    """
    sides = getattr(inspection, "across_sides", False)
    source = inspection.texts or f"SELECT {key_sql(staged.key)} AS id, ({inspection.text}) AS text FROM this"
    side = "side::VARCHAR" if sides else "''"
    fill(
        staged.connection,
        SEEN,
        f"SELECT id::VARCHAR AS id, text, {side} AS side FROM (\n{source}\n) WHERE text IS NOT NULL",
        values,
    )
    return count(staged.connection, SEEN)


def text_batches(connection: duckdb.DuckDBPyConnection) -> Iterator[pl.DataFrame]:
    """``id`` and ``text`` (NFC) of `SEEN`, a few at a time: a table may be larger than memory."""
    reader = connection.sql(f"SELECT id, nfc_normalize(text) AS text FROM {SEEN}").to_arrow_reader(_BATCH)
    for batch in reader:
        yield pl.DataFrame(batch)


def fill(connection: duckdb.DuckDBPyConnection, table: str, select: str, values: Mapping[str, Any]) -> None:
    """Make a temporary table of a SELECT that may name some of the values."""
    [statement] = connection.extract_statements(f"CREATE OR REPLACE TEMP TABLE {table} AS {select}")
    connection.execute(statement, {name: values[name] for name in statement.named_parameters})


def count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    """Rows of a table."""
    return int(connection.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0])


def key_sql(key: Sequence[str]) -> str:
    """SQL of a row's key, written as other checks write it: ``name=value``."""
    if not key:
        return "'a row'"
    parts = (f"{literal(name + '=')}, {quote(name)}::VARCHAR" for name in key)
    return "concat(" + ", ', ', ".join(parts) + ")"


def ids(connection: duckdb.DuckDBPyConnection, select: str) -> list[str]:
    """The first column of a SELECT."""
    return [str(row[0]) for row in connection.execute(select).fetchall()]
