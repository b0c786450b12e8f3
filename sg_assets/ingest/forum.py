"""Forum dumps to ``raw/forum_comments``: every comment once, cleaned, masked, keyed by its content."""

import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from sg_assets.errors import nearest
from sg_assets.ingest.columns import ColumnNames
from sg_assets.ingest.drop_reasons import BOT, REMOVED, drop_reasons
from sg_assets.ingest.files import DataFile, data_files
from sg_assets.ingest.pii import mask, mask_all
from sg_assets.ingest.readers import read
from sg_assets.ingest.texts import clean
from sg_assets.store.engine import THREADS, WITHOUT_SCANS, bound_memory

__all__ = ["ColumnNames", "IngestCounts", "data_files", "read_comments"]

_SPLITS = ("train", "dev", "holdout")
_MEMORY = "800MB"  # DuckDB's memory before it spills to disk next to the output; the reader needs about as much again
_THREADS = THREADS

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


def read_comments(
    folder: Path,
    columns: ColumnNames,
    out: Path,
    rejects: Path,
    *,
    bots: Sequence[str] = (),
    bot_phrases: Sequence[str] = (),
    mask_personal_data: bool = True,
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
        bots: Accounts whose comments are dropped.
        bot_phrases: Comments that contain one of these are dropped.
        mask_personal_data: Whether texts, sources and names of files are masked.
        keep_rejected_texts: Whether ``rejects`` has texts.

    Raises:
        SgAssetsError: a file is malformed, of an unknown kind or without a text column; names file and row.
    """
    files = data_files(folder)
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{out.stem}.", dir=out.parent) as scratch:
        staging = Path(scratch)
        masked = _stage(
            files, columns, staging / "staged.parquet", (bots, bot_phrases), mask_personal_data=mask_personal_data
        )
        counts, on_two_sides = _write_distinct(staging, keep_rejected_texts=keep_rejected_texts)
        (staging / "rejects.parquet").replace(rejects)
        (staging / "comments.parquet").replace(out)
    reasons = {reason: counts[reason] for reason in ("empty", "duplicate", REMOVED, BOT)}
    return IngestCounts(
        files=len(files),
        rows=counts.total(),
        kept=counts["kept"],
        masked=masked,
        on_two_sides=on_two_sides,
        **reasons,
    )


def _stage(
    files: list[DataFile],
    columns: ColumnNames,
    staged: Path,
    bots: tuple[Sequence[str], Sequence[str]],
    *,
    mask_personal_data: bool,
) -> int:
    """Write the normalised rows of all files to one Parquet file, in order; returns the number of masked rows."""
    offset, touched = 0, 0
    with pq.ParquetWriter(staged, _STAGED, compression="lz4") as writer:
        for file, batch in _batches(files, columns):
            cleaned = clean(batch["text"])
            text = mask_all(cleaned) if mask_personal_data else cleaned
            touched += int((text != cleaned).sum())
            dropped = drop_reasons(cleaned, _authors(batch), *bots)
            rows = _staged_rows(file, batch, text, dropped, offset, mask_personal_data=mask_personal_data)
            writer.write_table(rows.to_arrow().cast(_STAGED))
            offset += batch.height
    return touched


def _authors(batch: pl.DataFrame) -> pl.Series:
    return batch["author"] if "author" in batch.columns else pl.Series([None] * batch.height, dtype=pl.String)


def _batches(files: list[DataFile], columns: ColumnNames) -> Iterator[tuple[DataFile, pl.DataFrame]]:
    for file in files:
        for batch in read(file, columns):
            yield file, batch


def _staged_rows(
    file: DataFile, batch: pl.DataFrame, text: pl.Series, dropped: pl.Series, place: int, *, mask_personal_data: bool
) -> pl.DataFrame:
    source, name = clean(batch["source"]), file.name
    if mask_personal_data:
        source, name = mask_all(source), mask(name)
    return batch.select(
        pl.int_range(place, place + pl.len(), dtype=pl.Int64).alias("place"),
        pl.lit(file.name).alias("file"),
        pl.col("row").cast(pl.Int64),
        text.fill_null("").alias("text"),
        dropped.alias("dropped"),
        pl.when(source.fill_null("") == "").then(pl.lit(name)).otherwise(source).alias("source"),
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
