"""How far a variant's answers are from base's: cosine similarity of their embeddings."""

from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sg_assets.embedding.embedder import Embedder
from sg_assets.store.model_output_cache import VECTOR, cached_outputs

METRIC = "similarity"


def similarities(answers: pl.DataFrame, embedder: Path, memory: Path) -> pl.DataFrame:
    """One value per item: the cosine of the two answers' embeddings, 1 for equal answers.

    Args:
        answers: ``slice``, ``item_id``, ``cluster_id``, ``before`` and ``after`` (texts, none missing).
        embedder: The embedder's folder.
        memory: Folder of cached vectors of this embedder alone.

    Returns:
        metric, slice, item_id, cluster_id, value (-1 to 1). An answer without a word has no direction: with another
        such answer its similarity is 1, with any other 0.
    """
    before, after = (_vectors(answers[side], embedder, memory) for side in ("before", "after"))
    cosine = np.einsum("ij,ij->i", before, after).astype(np.float64).clip(-1.0, 1.0)
    cosine[answers["before"].eq_missing(answers["after"]).to_numpy()] = 1.0
    silent = ~before.any(axis=1) & ~after.any(axis=1)
    cosine[silent] = 1.0
    return answers.select(pl.lit(METRIC).alias("metric"), "slice", "item_id", "cluster_id").with_columns(
        value=pl.Series(cosine)
    )


def _vectors(texts: pl.Series, embedder: Path, memory: Path) -> NDArray[np.float32]:
    def embed_unknown(unknown: list[str]) -> list[list[float]]:
        vectors: list[list[float]] = Embedder.load(embedder).embed(unknown).tolist()
        return vectors

    vectors = cached_outputs(memory, texts, embed_unknown, VECTOR)
    return np.array(vectors.to_list(), dtype=np.float32).reshape(len(texts), -1)
