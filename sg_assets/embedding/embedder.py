"""A small embedder of texts: which n-grams occur, weighed by how rare they are, folded into few dimensions.

It is latent semantic analysis over hashed words and character n-grams, so it holds no vocabulary, nothing is pickled,
and a text's vector depends on that text alone. One matrix in a safetensors file, the rest in ``embedder.json``.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sg_assets.errors import SgAssetsError

FORMAT = 1
"""Format of the two files; an embedder of another format is refused."""
BEHAVIOUR: Final = 1
"""Raised when a fitted embedder would embed any text differently: cached vectors are keyed by it."""
DIMENSIONS = 96

_FEATURES: list[dict[str, Any]] = [
    {"analyzer": "word", "ngram_range": [1, 1], "token_pattern": r"(?u)\b\w+\b", "n_features": 1 << 13},
    {"analyzer": "char_wb", "ngram_range": [3, 4], "n_features": 1 << 14},
]
_BATCH = 4096
_LIBRARIES = ("numpy", "scikit-learn", "scipy")


@dataclass(frozen=True)
class Embedder:
    """Vectors of texts."""

    features: list[dict[str, Any]]
    """Arguments of each hashing vectorizer, in order."""
    weights: NDArray[np.float64]
    """A row per hashed feature, vectorizer after vectorizer; a column per dimension."""

    @classmethod
    def load(cls, folder: Path) -> "Embedder":
        """Read an embedder that ``fit`` wrote.

        Raises:
            SgAssetsError: a file is missing, or the format is not this one.
        """
        from safetensors.numpy import load_file

        described, weights = folder / "embedder.json", folder / "weights.safetensors"
        if not (described.is_file() and weights.is_file()):
            raise SgAssetsError(
                "not an embedder's folder", where=str(folder), why="embedder.json or weights.safetensors is missing"
            )
        embedder = json.loads(described.read_text(encoding="utf-8"))
        if embedder.get("format") != FORMAT:
            raise SgAssetsError(
                f"embedder format {embedder.get('format')} is not {FORMAT}",
                where=str(described),
                remedy="Fit the embedder again",
            )
        return cls(embedder["features"], load_file(weights)["weights"].astype(np.float64))

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of length 1, shape ``(len(texts), dimensions)``; zeros for a text without a word.

        A text's vector does not depend on its neighbours or the size of the batch.
        """
        parts = [
            _presence(self.features, texts[start : start + _BATCH]) @ self.weights
            for start in range(0, len(texts), _BATCH)
        ]
        vectors = np.concatenate([*parts, np.empty((0, self.weights.shape[1]))])
        lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))[:, None]
        unit: NDArray[np.float32] = np.divide(vectors, lengths, where=lengths > 0, out=vectors).astype(np.float32)
        return unit


def fit(texts: Sequence[str], folder: Path, *, seed: int, dimensions: int = DIMENSIONS) -> dict[str, float]:
    """Fit an embedder and write it to ``folder``: same arguments, same bytes.

    The solver runs on one thread, because several threads add in another order.

    Returns:
        ``n`` texts, ``dimensions``, and ``explained``: the share of the features' variance that is kept.

    Raises:
        SgAssetsError: there are not more texts than dimensions.
    """
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfTransformer
    from threadpoolctl import threadpool_limits

    if len(texts) <= dimensions:
        raise SgAssetsError(f"{len(texts)} texts are too few to fit an embedder of {dimensions} dimensions")
    with threadpool_limits(limits=1):
        weighing = TfidfTransformer()
        weighed = weighing.fit_transform(_presence(_FEATURES, texts))
        folding = TruncatedSVD(dimensions, n_iter=7, random_state=seed).fit(weighed)
        # A text is weighed and folded in one product. Its length does not matter, so nothing is scaled in between.
        weights = (weighing.idf_[:, None] * folding.components_.T).astype(np.float32)
    _write(folder, weights)
    explained = float(folding.explained_variance_ratio_.sum())
    return {"n": float(len(texts)), "dimensions": float(dimensions), "explained": explained}


def cosines(embedder: Embedder, left: Sequence[str], right: Sequence[str]) -> NDArray[np.float64]:
    """Cosine of each text on the left with its counterpart on the right: 1 for equal texts, 0 with an empty text."""
    values: NDArray[np.float64] = np.einsum(
        "ij,ij->i", embedder.embed(left).astype(np.float64), embedder.embed(right).astype(np.float64)
    )
    return values


def evaluate(
    embedder: Embedder, left: Sequence[str], right: Sequence[str], related: Sequence[bool], kinds: Sequence[str]
) -> dict[str, Any]:
    """How well cosines separate related pairs from unrelated ones.

    Returns:
        ``auc`` of related against unrelated pairs, ``n`` pairs, and the mean ``cosine`` by kind, names in order.
    """
    from sklearn.metrics import roc_auc_score

    similarities, kinds_array = cosines(embedder, left, right), np.asarray(kinds)
    means = {str(kind): float(similarities[kinds_array == kind].mean()) for kind in np.unique(kinds_array)}
    return {"auc": float(roc_auc_score(np.asarray(related), similarities)), "n": len(left), "cosine": means}


def _presence(features: list[dict[str, Any]], texts: Sequence[str]) -> Any:  # noqa: ANN401 - a CSR matrix, untyped here
    """Which hashed n-grams each text holds, a row per text."""
    from scipy.sparse import hstack
    from sklearn.feature_extraction.text import HashingVectorizer

    vectorizers = [
        HashingVectorizer(
            **{**options, "ngram_range": tuple(options["ngram_range"])}, binary=True, norm=None, alternate_sign=False
        )
        for options in features
    ]
    return hstack([vectorizer.transform(texts) for vectorizer in vectorizers], format="csr")


def _write(folder: Path, weights: NDArray[np.float32]) -> None:
    from safetensors.numpy import save_file

    folder.mkdir(parents=True, exist_ok=True)
    save_file({"weights": np.ascontiguousarray(weights)}, folder / "weights.safetensors")
    embedder = {
        "format": FORMAT,
        "features": _FEATURES,
        "libraries": {library: version(library) for library in _LIBRARIES},
    }
    (folder / "embedder.json").write_text(json.dumps(embedder, indent=2, sort_keys=True) + "\n", encoding="utf-8")
