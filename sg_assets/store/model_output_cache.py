"""A cache of model outputs by text: scores of a judge, vectors of an embedder. A model sees each text once.

A new threshold, a new benchmark over known answers, or a table that changed in one row of a hundred then costs a
lookup. Losing the folder changes no version. Each batch is a Parquet file of its own, complete or absent.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

import polars as pl
from ulid import ULID

from sg_assets.store.engine import connect, query

_BATCH = 4096

Ask = Callable[[list[str]], Sequence[object]]
"""The outputs of the model for texts, in their order."""
SCORE = pl.Float64()
VECTOR = pl.List(pl.Float32)


def cached_outputs(folder: Path, texts: pl.Series, ask: Ask, said: pl.DataType = SCORE) -> pl.Series:
    """The outputs of a model for texts; only new texts are given to the model, each once.

    Args:
        folder: Holds the outputs of this model, and of no other.
        texts: Strings, none missing.
        ask: The model.
        said: The type of an output: ``SCORE`` or ``VECTOR``.

    Returns:
        The output for each text, in the order of the texts.
    """
    known, distinct = _known(folder, said), _distinct(texts)
    new = distinct.join(known, on="text", how="anti").sort("text")
    for batch in new.iter_slices(_BATCH):
        answered = batch.select("text", said=pl.Series(ask(batch["asked"].to_list()), dtype=said))
        _keep(folder, answered)
        known = pl.concat([known, answered])
    answers = distinct.join(known, on="text")
    return texts.to_frame("asked").join(answers, on="asked", how="left", maintain_order="left")["said"]


def texts_to_ask(folder: Path, texts: pl.Series, said: pl.DataType = SCORE) -> pl.Series:
    """The texts that :func:`cached_outputs` would give to the model, each once, in the order of their digests."""
    known, distinct = _known(folder, said), _distinct(texts)
    return distinct.join(known, on="text", how="anti").sort("text")["asked"]


def _distinct(texts: pl.Series) -> pl.DataFrame:
    """Each text once, as asked, with its digest in ``text``; by DuckDB, for comments come by the million."""
    with connect() as connection:
        connection.register("given", texts.unique().to_frame("asked"))
        return query(connection, "SELECT sha256(asked) AS text, asked FROM given")


def _known(folder: Path, said: pl.DataType) -> pl.DataFrame:
    parts = [pl.read_parquet(path) for path in sorted(folder.glob("*.parquet"))]
    nothing = pl.DataFrame(schema={"text": pl.String, "said": said})
    # Two processes that asked about the same text at once have the same output.
    return pl.concat([nothing, *parts]).unique("text", keep="first", maintain_order=True)


def _keep(folder: Path, answered: pl.DataFrame) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    name = str(ULID())
    answered.write_parquet(folder / f"{name}.part", compression="zstd")
    (folder / f"{name}.part").rename(folder / f"{name}.parquet")
