"""Texts that are nearly the same: candidates by MinHash and bands, each then compared piece by piece.

Texts are signed in batches, paired band by band, and compared in batches of pairs; intermediate results are in tables
that DuckDB spills, so memory does not grow with the texts.
"""

from array import array
from collections.abc import Iterator, Mapping
from typing import Any, Final

import duckdb
import numpy as np
import polars as pl

from sg_assets.declarations.records.inspections import NearDuplicates
from sg_assets.quality.findings import TextMatches
from sg_assets.quality.text_columns import SEEN, gather, ids
from sg_assets.store.audit.conditions import EXAMPLES
from sg_assets.store.audit.staged_table import StagedTable

PIECE: Final = 5
"""Letters of a piece."""
LETTERS: Final = 1000
"""Letters of a text that are compared: texts with an equal start rarely differ later."""
_SIGNS = 64
"""Numbers of a signature."""
_BANDS = (2, 4, 8, 16)
"""Possible widths of a band: a wider band lets fewer dissimilar pairs pass."""
_MISSED = 0.01
"""The accepted chance to miss a pair with the declared similarity."""
_PAIRS = 200_000
"""Pairs whose texts are held at once."""
_BATCH = 2000
"""Texts signed at once: each has a thousand small pieces."""


def near_duplicates(staged: StagedTable, inspection: NearDuplicates, values: Mapping[str, Any]) -> TextMatches:
    """Texts similar to an earlier one (of another side, if sides are compared); the later of a pair counts."""
    evaluated = gather(staged, inspection, values)
    connection = staged.connection
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE _rows AS SELECT row_number() OVER (ORDER BY id, text) AS row, id, side, "
        f"left(lower(trim(text)), {LETTERS}) AS text FROM {SEEN}"
    )
    _sign(connection, band_width(inspection.similarity))
    _keep_similar(connection, inspection)
    [(failing,)] = connection.execute("SELECT count(DISTINCT later) FROM _alike").fetchall()
    pairs = "SELECT later || ' is like ' || max(first) FROM _alike GROUP BY later ORDER BY later"
    examples = ids(connection, f"{pairs} LIMIT {EXAMPLES}")
    return TextMatches(evaluated, int(failing), inspection.at_most, examples)


def jaccard(text: str, other: str) -> float:
    """The share of pieces of two texts that both have."""
    first, second = pieces(text), pieces(other)
    return len(first & second) / len(first | second)


def pieces(text: str) -> set[str]:
    """The pieces of a text, the whole where it is shorter than one."""
    return {text[start : start + PIECE] for start in range(max(1, len(text) - PIECE + 1))}


def band_width(similarity: float) -> int:
    """The width of a band with which pairs of a similarity hardly ever share none."""
    widths = (width for width in _BANDS if (1 - similarity**width) ** (_SIGNS // width) <= _MISSED)
    return max(widths, default=_BANDS[0])


def _sign(connection: duckdb.DuckDBPyConnection, width: int) -> None:
    """Fill ``_bands``: a row per text and band, with a number that equal bands share."""
    connection.execute("CREATE OR REPLACE TEMP TABLE _bands (row BIGINT, side VARCHAR, band INTEGER, number UBIGINT)")
    for batch in _batches(connection):
        connection.register("signed", _bands(batch, width))
        connection.execute("INSERT INTO _bands FROM signed")
        connection.unregister("signed")


def _batches(connection: duckdb.DuckDBPyConnection) -> Iterator[pl.DataFrame]:
    last = 0
    while True:
        query = "SELECT row, side, text FROM _rows WHERE row > $last AND row <= $last + $batch ORDER BY row"
        batch = connection.sql(query, params={"last": last, "batch": _BATCH}).pl()
        if batch.is_empty():
            return
        yield batch
        last += _BATCH


def _bands(texts: pl.DataFrame, width: int) -> pl.DataFrame:
    from rensa import RMinHash

    signed = RMinHash.digest_matrix_from_token_sets([list(pieces(text)) for text in texts["text"]], _SIGNS, 1)
    numbers = np.asarray(signed.to_rows(), dtype=np.uint64).reshape(texts.height, _SIGNS // width, width)
    mixed = np.zeros(numbers.shape[:2], dtype=np.uint64)
    for column in range(width):  # wraps around, as a hash may
        mixed = mixed * np.uint64(0x100000001B3) ^ numbers[:, :, column]
    bands = mixed.shape[1]
    return pl.DataFrame(
        {
            "row": texts["row"].to_numpy().repeat(bands),
            "side": texts["side"].gather(np.arange(texts.height).repeat(bands)),
            "band": np.tile(np.arange(bands, dtype=np.int32), texts.height),
            "number": mixed.ravel(),
        }
    )


def _keep_similar(connection: duckdb.DuckDBPyConnection, inspection: NearDuplicates) -> None:
    """Fill ``_alike`` with the ids of candidates that reach the similarity."""
    rows = array("q")  # 16 bytes a pair, where texts or ids would take hundreds
    for first, later, text, other in _candidates(connection, inspection.across_sides):
        if jaccard(text, other) >= inspection.similarity:
            rows.extend((first, later))
    pairs = np.frombuffer(rows, dtype=np.int64).reshape(-1, 2)
    connection.register("pairs_alike", pl.DataFrame({"one": pairs[:, 0], "other": pairs[:, 1]}))
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE _alike AS SELECT first.id AS first, later.id AS later FROM pairs_alike "
        "JOIN _rows AS first ON first.row = one JOIN _rows AS later ON later.row = other"
    )
    connection.unregister("pairs_alike")


def _candidates(connection: duckdb.DuckDBPyConnection, across_sides: bool) -> Iterator[tuple[int, int, str, str]]:
    """Rows and texts of pairs that share a band.

    Each text is paired with the first of its band (of each side), not with all: pairs grow with the texts, not with
    their square.
    """
    _pair(connection, across_sides)
    [(most,)] = connection.execute("SELECT coalesce(max(rowid), -1) FROM _pairs").fetchall()
    for start in range(0, most + 1, _PAIRS):
        # A table of its own, so that DuckDB knows it for the smaller side and holds no texts but those of its pairs.
        connection.execute(
            "CREATE OR REPLACE TEMP TABLE _some AS SELECT one, other FROM _pairs "
            "WHERE rowid BETWEEN $start AND $start + $pairs - 1",
            {"start": start, "pairs": _PAIRS},
        )
        pairs = connection.execute(
            "SELECT one, other, first.text, later.text FROM _some "
            "JOIN _rows AS first ON first.row = one JOIN _rows AS later ON later.row = other"
        )
        while batch := pairs.fetchmany(_BATCH):
            yield from batch


def _pair(connection: duckdb.DuckDBPyConnection, across_sides: bool) -> None:
    """Fill ``_pairs``, each once; band by band, for those of all texts at once take memory that cannot be spilled."""
    apart = "AND member.side <> first.side" if across_sides else ""
    connection.execute("CREATE OR REPLACE TEMP TABLE _found (one BIGINT, other BIGINT)")
    for (band,) in connection.execute("SELECT DISTINCT band FROM _bands ORDER BY band").fetchall():
        connection.execute(
            f"""
            INSERT INTO _found
            WITH members AS (SELECT row, side, number FROM _bands WHERE band = $band),
            first AS (SELECT number, side, min(row) AS row FROM members GROUP BY number, side)
            SELECT least(member.row, first.row), greatest(member.row, first.row)
            FROM members AS member JOIN first USING (number)
            WHERE member.row <> first.row {apart}
            """,
            {"band": band},
        )
    connection.execute("CREATE OR REPLACE TEMP TABLE _pairs AS SELECT DISTINCT one, other FROM _found")
    connection.execute("DROP TABLE _found")
