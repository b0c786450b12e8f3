"""Scores kept by text, one folder per judge: a judge is asked about a text once, whatever else changes.

A new threshold, a new benchmark over known answers, or a table that changed in one row of a hundred then costs a look
up. Losing the folder changes no version. Each batch is a Parquet file of its own, whole or not there.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

import polars as pl
from ulid import ULID

from sg_assets.store.engine import connect, query

_SCHEMA = {"text": pl.String, "score": pl.Float64}
_BATCH = 4096

Ask = Callable[[list[str]], Sequence[float]]
"""Scores texts, in their order."""


def remembered(folder: Path, texts: pl.Series, ask: Ask) -> pl.Series:
    """The scores of texts, asking only about those that were not scored before, each once.

    Args:
        folder: Holds the scores of one judge, and of no other.
        texts: Strings, none missing.
        ask: The judge.

    Returns:
        A score per text, in the order of the texts.
    """
    known, distinct = _known(folder), _distinct(texts)
    new = distinct.join(known, on="text", how="anti").sort("text")
    for batch in new.iter_slices(_BATCH):
        scored = batch.select("text", score=pl.Series(ask(batch["asked"].to_list()), dtype=pl.Float64))
        _keep(folder, scored)
        known = pl.concat([known, scored])
    scores = distinct.join(known, on="text")
    return texts.to_frame("asked").join(scores, on="asked", how="left", maintain_order="left")["score"]


def _distinct(texts: pl.Series) -> pl.DataFrame:
    """Each text once, as asked, with its digest in ``text``; by DuckDB, for comments come by the million."""
    with connect() as connection:
        connection.register("given", texts.unique().to_frame("asked"))
        return query(connection, "SELECT sha256(asked) AS text, asked FROM given")


def _known(folder: Path) -> pl.DataFrame:
    parts = [pl.read_parquet(path) for path in sorted(folder.glob("*.parquet"))]
    # Two that scored one text at once agree on its score.
    return pl.concat([pl.DataFrame(schema=_SCHEMA), *parts]).unique("text", keep="first", maintain_order=True)


def _keep(folder: Path, scored: pl.DataFrame) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    name = str(ULID())
    scored.write_parquet(folder / f"{name}.part", compression="zstd")
    (folder / f"{name}.part").rename(folder / f"{name}.parquet")
