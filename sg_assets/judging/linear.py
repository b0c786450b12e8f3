"""A judge in LionGuard's shape: text features and a calibrated linear head. The demo's judges are of this kind.

The features are hashed word and character n-grams, so a judge holds no vocabulary and nothing is pickled. The weights
live in a sparse safetensors file, everything else in ``judge.json``.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from sg_assets.errors import SgAssetsError
from sg_assets.judging.shapes import shapes

FORMAT = 2
"""Format of the two files; a judge of another format is refused. Format 2: features may be of a text's shapes."""

BEHAVIOUR: Final = 1
"""Raised when a fitted judge would score any text differently: cached scores are keyed by it."""

LooksAt = Literal["wording", "form"]
"""Whether features are of the wording of a text, or of its form."""

_FEATURES: dict[LooksAt, list[dict[str, Any]]] = {
    "wording": [
        {"analyzer": "word", "ngram_range": [1, 3], "token_pattern": r"(?u)\b\w+\b", "n_features": 1 << 18},
        {"analyzer": "char_wb", "ngram_range": [3, 5], "n_features": 1 << 18},
    ],
    "form": [
        {
            "of": "shapes",
            "analyzer": "word",
            "lowercase": False,
            "ngram_range": [1, 2],
            "token_pattern": r"\S+",
            "n_features": 1 << 14,
        },
        {"analyzer": "char_wb", "lowercase": False, "ngram_range": [2, 3], "n_features": 1 << 16},
    ],
}
# Which n-grams occur, not how often, nor in how long a text: an insult weighs the same in a long answer.
_PRESENCE: dict[str, Any] = {"binary": True, "norm": None, "alternate_sign": False}
_INVERSE_PENALTY = 0.3  # C: larger ones learn the wording of the texts fitted on
_FOLDS = 5
_BATCH = 4096
_LIBRARIES = ("numpy", "scikit-learn", "scipy")


@dataclass(frozen=True)
class LinearJudge:
    """Probability that a text is what the judge looks for."""

    features: list[dict[str, Any]]
    """Arguments of each hashing vectorizer, by name; those with ``of: shapes`` see a text's shapes instead of the
    text."""
    weights: NDArray[np.float64]
    """One weight per hashed feature, vectorizer after vectorizer."""
    intercept: float
    """Intercept of the decision score."""
    slope: float
    """Calibration: probability = sigmoid(slope * score + offset)."""
    offset: float
    """Calibration, see ``slope``."""

    @classmethod
    def load(cls, folder: Path) -> "LinearJudge":
        """Read a judge that ``fit`` wrote.

        Raises:
            SgAssetsError: a file is missing, or the format is not this one.
        """
        from safetensors.numpy import load_file

        described, weights = folder / "judge.json", folder / "weights.safetensors"
        if not (described.is_file() and weights.is_file()):
            raise SgAssetsError(
                "not a judge's folder", where=str(folder), why="judge.json or weights.safetensors is missing"
            )
        judge = json.loads(described.read_text(encoding="utf-8"))
        if judge.get("format") != FORMAT:
            raise SgAssetsError(
                f"judge format {judge.get('format')} is not {FORMAT}",
                where=str(described),
                remedy="Fit the judge again.",
            )
        tensors = load_file(weights)
        dense = np.zeros(_width(judge["features"]))
        dense[tensors["indices"]] = tensors["values"]
        return cls(judge["features"], dense, judge["intercept"], **judge["calibration"])

    def score(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Probabilities in [0, 1], shape ``(len(texts),)``; a text's score does not depend on its neighbours."""
        from scipy.special import expit

        parts = [matrix @ self.weights for matrix in _matrices(self.features, texts)]
        decisions = np.concatenate([*parts, np.empty(0)]) + self.intercept
        scores: NDArray[np.float64] = expit(self.slope * decisions + self.offset)
        return scores


def fit(
    texts: Sequence[str], labels: Sequence[bool], folder: Path, *, seed: int, looks_at: LooksAt = "wording"
) -> dict[str, float]:
    """Fit a judge and write it to ``folder`` (``judge.json``, ``weights.safetensors``): same arguments, same bytes.

    The head is a logistic regression, balanced over the two labels. Its scores are calibrated by Platt's method on
    out-of-fold scores, since scores of texts it was fitted on are too far from the boundary.

    Returns:
        Figures of the fit, out of fold: ``auc``, ``brier``, ``n``, ``positives``.

    Raises:
        SgAssetsError: fewer than five texts of a label.
    """
    from scipy.sparse import vstack
    from scipy.special import expit
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    truth = _checked_labels(texts, labels)
    features = _FEATURES[looks_at]
    hashed = vstack(list(_matrices(features, texts)), format="csr")
    used = np.unique(hashed.indices)  # a tenth of the columns; the solver would process all of them
    matrix = hashed[:, used]
    head = LogisticRegression(C=_INVERSE_PENALTY, class_weight="balanced", solver="liblinear", random_state=seed)
    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=seed)
    unseen = cross_val_predict(head, matrix, truth, cv=folds, method="decision_function")
    slope, offset = fit_platt(unseen, truth)
    head.fit(matrix, truth)
    described = {
        "features": features,
        "intercept": float(head.intercept_[0]),
        "calibration": {"slope": slope, "offset": offset},
    }
    _write(folder, used, head.coef_[0], described)
    return _figures(expit(slope * unseen + offset), truth)


def evaluate(judge: LinearJudge, texts: Sequence[str], labels: Sequence[bool]) -> dict[str, float]:
    """How well a judge does on texts it was not fitted on: ``auc``, ``brier``, ``n``, ``positives``.

    Raises:
        SgAssetsError: fewer than five texts of a label.
    """
    return _figures(judge.score(texts), _checked_labels(texts, labels))


def accuracy_by(
    judge: LinearJudge, texts: Sequence[str], labels: Sequence[bool], groups: Sequence[str]
) -> dict[str, float]:
    """Share of a group's texts that fall on the right side of one half, by group, names in order."""
    is_correct = (judge.score(texts) >= 0.5) == np.asarray(labels, dtype=bool)
    groups_array = np.asarray(groups)
    return {str(group): float(is_correct[groups_array == group].mean()) for group in np.unique(groups_array)}


def fit_platt(scores: NDArray[np.float64], truth: NDArray[np.bool_]) -> tuple[float, float]:
    """Slope and offset of the sigmoid that turns scores into probabilities.

    Targets are Platt's (1999), (n+1)/(n+2) and 1/(n+2) instead of 1 and 0: where the labels separate, plain ones have
    no finite answer. As a classifier takes no such targets, every score counts once for each label, by weight.
    """
    from sklearn.linear_model import LogisticRegression

    positives, negatives = int(truth.sum()), int((~truth).sum())
    target = np.where(truth, (positives + 1) / (positives + 2), 1 / (negatives + 2))
    both = np.repeat([True, False], len(truth))
    sigmoid = LogisticRegression(C=np.inf, max_iter=1000)
    sigmoid.fit(np.tile(scores, 2)[:, None], both, sample_weight=np.concatenate([target, 1 - target]))
    return float(sigmoid.coef_[0, 0]), float(sigmoid.intercept_[0])


def _checked_labels(texts: Sequence[str], labels: Sequence[bool]) -> NDArray[np.bool_]:
    truth = np.asarray(labels, dtype=bool)
    fewest = min(int(truth.sum()), int((~truth).sum()))
    if len(texts) != len(truth) or fewest < _FOLDS:
        raise SgAssetsError(
            "too few labelled texts for a judge",
            why=f"{len(texts)} texts, {int(truth.sum())} of them labelled true of {len(truth)} labels",
            remedy=f"Give at least {_FOLDS} texts of each label, and one label a text.",
        )
    return truth


def _matrices(features: list[dict[str, Any]], texts: Sequence[str]) -> Iterator[Any]:
    """Hashed features of the texts as CSR matrices, a batch of rows each."""
    from scipy.sparse import hstack
    from sklearn.feature_extraction.text import HashingVectorizer

    of_shapes = [options.get("of") == "shapes" for options in features]
    arguments = ({key: value for key, value in options.items() if key != "of"} for options in features)
    vectorizers = [
        HashingVectorizer(**{**options, "ngram_range": tuple(options["ngram_range"])}, **_PRESENCE)
        for options in arguments
    ]
    for start in range(0, len(texts), _BATCH):
        batch = texts[start : start + _BATCH]
        inputs = (batch, [shapes(text) for text in batch] if any(of_shapes) else [])
        parts = [
            vectorizer.transform(inputs[of_shape]) for vectorizer, of_shape in zip(vectorizers, of_shapes, strict=True)
        ]
        yield hstack(parts, format="csr")


def _width(features: list[dict[str, Any]]) -> int:
    return sum(int(options["n_features"]) for options in features)


def _write(
    folder: Path, columns: NDArray[np.int32], weights: NDArray[np.float64], described: Mapping[str, Any]
) -> None:
    from safetensors.numpy import save_file

    folder.mkdir(parents=True, exist_ok=True)
    save_file({"indices": columns, "values": weights}, folder / "weights.safetensors")
    judge = {**described, "format": FORMAT, "libraries": {library: version(library) for library in _LIBRARIES}}
    (folder / "judge.json").write_text(json.dumps(judge, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def _figures(scores: NDArray[np.float64], truth: NDArray[np.bool_]) -> dict[str, float]:
    from sklearn.metrics import brier_score_loss, roc_auc_score

    return {
        "auc": float(roc_auc_score(truth, scores)),
        "brier": float(brier_score_loss(truth, scores)),
        "n": float(len(truth)),
        "positives": float(truth.sum()),
    }
