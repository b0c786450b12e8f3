"""Forum dumps to ``raw/forum_comments``: every comment once, cleaned, masked, keyed by its content."""

import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from sg_assets.errors import nearest
from sg_assets.ingest.columns import ColumnNames
from sg_assets.ingest.drop_reasons import BOT, REMOVED
from sg_assets.ingest.files import DataFile, data_files
from sg_assets.ingest.pii import mask
from sg_assets.ingest.prepared_texts import Preparation, Prepared, prepare
from sg_assets.ingest.readers import read
from sg_assets.ingest.texts import clean
from sg_assets.store.engine import THREADS, WITHOUT_SCANS, bound_memory

__all__ = ["ColumnNames", "IngestCounts", "data_files", "read_comments"]

_SPLITS = ("train", "dev", "holdout")
_MEMORY = "800MB"  # DuckDB's memory before it spills to disk next to the output; the reader needs about as much again
_THREADS = THREADS
_EXAMPLES: Final = 5
_USUAL: Final = Preparation()

_STAGED = pa.schema(
    [
        ("place", pa.int64()),
        ("file", pa.large_string()),
        ("row", pa.int64()),
        ("text", pa.large_string()),
        ("dropped", pa.large_string()),
        ("source", pa.large_string()),
        ("given_split", pa.large_string()),
    ]
)

# The first of equal texts stays: by file name, then by row. Where equal texts come with different sides, the hold-out
# keeps the text: on another side it would be learned.
_FIRSTS = """
CREATE TABLE ids AS SELECT left(sha256(text), 16) AS text_id, place,
    CASE given_split WHEN 'train' THEN 1 WHEN 'dev' THEN 2 WHEN 'holdout' THEN 3 END AS side
    FROM read_parquet($staged) WHERE text != '' AND dropped IS NULL;
CREATE TABLE firsts AS SELECT text_id, min(place) AS place, max(side) AS side, min(side) AS other
    FROM ids GROUP BY text_id;
"""
_COMMENTS = """
SELECT text_id, text, source, ['train', 'dev', 'holdout'][side] AS given_split
FROM read_parquet($staged) JOIN firsts USING (place)
ORDER BY text_id
"""
_REJECTS = """
SELECT file, "row", coalesce(dropped, if(text = '', 'empty', 'duplicate')) AS reason{text}
FROM read_parquet($staged) ANTI JOIN firsts USING (place)
ORDER BY place
"""


@dataclass(frozen=True)
class IngestCounts:
    """How many of a folder's rows were kept and rejected; ``rows == kept + empty + duplicate + removed + bot``."""

    files: int
    """Data files read."""
    rows: int
    """Rows in them, without CSV headers."""
    kept: int
    """Distinct texts written."""
    empty: int
    """Rows rejected because their text was missing, or empty after cleaning."""
    duplicate: int
    """Rows rejected because an earlier one has the same text after normalisation."""
    removed: int
    """Rows rejected because they only say that a comment was removed or deleted."""
    bot: int
    """Rows rejected because a bot wrote them."""
    masked: int
    """Rows in which personal data were masked."""
    on_two_sides: int = 0
    """Distinct texts that came with two different sides; they are on the later of train, dev and hold-out."""
    repaired: int = 0
    """Rows that were read again in the encoding they were written in."""
    unreadable: int = 0
    """Rows whose texts have traces of a wrong encoding, dropped ones left out."""
    unreadable_rows: tuple[str, ...] = ()
    """The first of them, by file and row."""


def read_comments(
    folder: Path,
    columns: ColumnNames,
    out: Path,
    rejects: Path,
    *,
    preparation: Preparation = _USUAL,
    keep_rejected_texts: bool = False,
) -> IngestCounts:
    """Read a folder of dumps into one Parquet table, within about 2 GB of memory whatever the folder's size.

    ``out`` gets ``text_id`` (first 16 hex digits of the sha256 of the normalised text), ``text``, ``source`` (the
    file's name where it has no such column) and ``given_split``, by ``text_id``. ``rejects`` gets ``file``, ``row`` and
    ``reason`` (``empty``, ``duplicate``, ``removed`` or ``bot``), by file and row, and ``text`` only with
    ``keep_rejected_texts``. Nothing unmasked reaches the disk. Both files appear complete, or neither does.

    Args:
        folder: Holds the dumps; or one file.
        columns: Names of the files' columns.
        out: The table of comments.
        rejects: The table of dropped rows.
        preparation: How texts are prepared.
        keep_rejected_texts: Whether ``rejects`` has texts.

    Raises:
        SgAssetsError: a file is malformed, of an unknown kind or without a text column; names file and row.
    """
    files = data_files(folder)
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{out.stem}.", dir=out.parent) as scratch:
        staging = Path(scratch)
        tally, unreadable_rows = _stage(files, columns, staging / "staged.parquet", preparation)
        counts, on_two_sides = _write_distinct(staging, keep_rejected_texts=keep_rejected_texts)
        (staging / "rejects.parquet").replace(rejects)
        (staging / "comments.parquet").replace(out)
    reasons = {reason: counts[reason] for reason in ("empty", "duplicate", REMOVED, BOT)}
    return IngestCounts(
        files=len(files),
        rows=counts.total(),
        kept=counts["kept"],
        on_two_sides=on_two_sides,
        unreadable_rows=unreadable_rows,
        **reasons,
        **tally,
    )


def _stage(
    files: list[DataFile], columns: ColumnNames, staged: Path, preparation: Preparation
) -> tuple[Mapping[str, int], tuple[str, ...]]:
    """Write the normalised rows of all files to one Parquet file, in order.

    Returns:
        The counts that concern texts, and the first unreadable rows.
    """
    offset, examples = 0, list[str]()
    counts = Counter(masked=0, repaired=0, unreadable=0)
    names = dict(zip(files, preparation.names([file.name for file in files]), strict=True))
    with pq.ParquetWriter(staged, _STAGED, compression="lz4") as writer:
        for file, batch in _batches(files, columns):
            prepared = prepare(batch["text"], batch["author"], preparation)
            counts.update({name: int(getattr(prepared, name).sum()) for name in counts})
            if len(examples) < _EXAMPLES:
                examples += [f"{names[file]}, row {row}" for row in batch["row"].filter(prepared.unreadable)]
            sources = preparation.masked(clean(batch["source"])).fill_null("").replace("", names[file])
            rows = _staged_rows(file, names[file], batch, prepared, sources).select(_places(offset), pl.all())
            writer.write_table(rows.to_arrow().cast(_STAGED))
            offset += batch.height
    return counts, tuple(examples[:_EXAMPLES])


def _batches(files: list[DataFile], columns: ColumnNames) -> Iterator[tuple[DataFile, pl.DataFrame]]:
    for file in files:
        for batch in read(file, columns):
            yield file, batch


def _places(first: int) -> pl.Expr:
    return pl.int_range(first, first + pl.len(), dtype=pl.Int64).alias("place")


def _staged_rows(
    file: DataFile, name: str, batch: pl.DataFrame, prepared: Prepared, sources: pl.Series
) -> pl.DataFrame:
    return batch.select(
        pl.lit(name).alias("file"),
        pl.col("row").cast(pl.Int64),
        prepared.text.fill_null("").alias("text"),
        prepared.dropped.alias("dropped"),
        sources.alias("source"),
        _split(file, batch).alias("given_split"),
    )


def _split(file: DataFile, batch: pl.DataFrame) -> pl.Series:
    split = batch["split"].str.strip_chars().str.to_lowercase().replace("", None)
    unknown = batch.filter(~split.is_in(_SPLITS))
    if unknown.height:
        value = mask(str(unknown["split"][0]))[:20]
        raise file.malformed(unknown["row"][0], f"'{value}' is not a split", nearest(value, _SPLITS))
    return split


def _write_distinct(staging: Path, *, keep_rejected_texts: bool) -> tuple[Counter[str], int]:
    """Write both tables; returns the rows by what became of them, and how many texts came with two sides."""
    rejected = _REJECTS.format(text=", text" if keep_rejected_texts else "")
    staged = {"staged": str(staging / "staged.parquet")}
    settings: dict[str, str | bool | int | float | list[str]] = {
        **WITHOUT_SCANS,
        "temp_directory": str(staging),
        "preserve_insertion_order": False,
    }
    # A database on disk, not in memory: only that lets DuckDB put the tables of ids out of memory too.
    with duckdb.connect(str(staging / "ids.duckdb"), config=settings) as connection:
        bound_memory(connection, _MEMORY, _THREADS)
        for statement in filter(str.strip, _FIRSTS.split(";")):
            connection.execute(statement, staged if "$staged" in statement else None)
        for name, query in (("comments", _COMMENTS), ("rejects", rejected)):
            target = str(staging / f"{name}.parquet").replace("'", "''")
            connection.execute(f"COPY ({query}) TO '{target}' (FORMAT parquet, COMPRESSION zstd)", staged)
        kept = connection.execute("SELECT count(*), count(*) FILTER (side <> other) FROM firsts").fetchone()
        reasons = connection.execute(
            "SELECT reason, count(*) FROM read_parquet($1) GROUP BY reason", [str(staging / "rejects.parquet")]
        ).fetchall()
    distinct, on_two_sides = kept or (0, 0)
    return Counter({"kept": distinct, **dict(reasons)}), on_two_sides
