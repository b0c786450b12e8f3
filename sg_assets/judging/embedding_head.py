"""Scores of a head over embeddings: an ONNX classifier made elsewhere, or a linear one that was fitted here."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from sg_assets.errors import SgAssetsError

DIGITS: Final = 6
"""Digits of a score: the batch that a text is embedded in moves the last one at most."""
FITTED: Final = "head.json"
WEIGHTS: Final = "head.safetensors"


class Head(Protocol):
    """Turns vectors into scores."""

    def score(self, vectors: NDArray[Any]) -> NDArray[np.float64]:
        """One score a vector."""


class Embeds(Protocol):
    """Turns texts into vectors."""

    def embed_counted(self, texts: Sequence[str]) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        """Vectors, and whether a text was cut off."""


@dataclass(frozen=True)
class EmbeddingJudge:
    """An embedder and a head."""

    embedder: Embeds
    head: Head

    def score(self, texts: Sequence[str]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """Scores, and whether a text was cut off."""
        vectors, is_cut = self.embedder.embed_counted(texts)
        return self.head.score(vectors).round(DIGITS), is_cut


@dataclass(frozen=True)
class LinearHead:
    """A weight for each dimension, and the calibration of the sum."""

    weights: NDArray[np.float64]
    intercept: float
    slope: float | None
    """Calibration: probability = sigmoid(slope * sum + offset); None: the sum itself is the score."""
    offset: float

    @classmethod
    def load(cls, folder: Path) -> "LinearHead":
        """Read a head that ``write`` wrote.

        Raises:
            SgAssetsError: a file is missing.
        """
        from safetensors.numpy import load_file

        if not ((folder / FITTED).is_file() and (folder / WEIGHTS).is_file()):
            raise SgAssetsError("not a head's folder", where=str(folder), why=f"{FITTED} or {WEIGHTS} is missing")
        described = json.loads((folder / FITTED).read_text(encoding="utf-8"))
        weights = load_file(folder / WEIGHTS)["weights"].astype(np.float64)
        return cls(weights, described["intercept"], described["slope"], described["offset"])

    def write(self, folder: Path) -> None:
        """Write it into a folder of its own."""
        from safetensors.numpy import save_file

        folder.mkdir(parents=True)
        save_file({"weights": self.weights}, folder / WEIGHTS)
        described = {"intercept": self.intercept, "slope": self.slope, "offset": self.offset}
        (folder / FITTED).write_text(json.dumps(described, indent=1, sort_keys=True) + "\n", encoding="utf-8")

    def score(self, vectors: NDArray[Any]) -> NDArray[np.float64]:
        """One score a vector: a probability, or the raw sum.

        Raises:
            SgAssetsError: the vectors have other dimensions than the head.
        """
        from scipy.special import expit

        if vectors.shape[1] != len(self.weights) and len(vectors):
            why = f"it was fitted on {len(self.weights)} dimensions"
            raise SgAssetsError(f"the head does not fit vectors of {vectors.shape[1]} dimensions", why=why)
        sums: NDArray[np.float64] = vectors.astype(np.float64) @ self.weights + self.intercept if len(vectors) else (
            np.zeros(0)
        )  # fmt: skip
        scores: NDArray[np.float64] = sums if self.slope is None else expit(self.slope * sums + self.offset)
        return scores


class OnnxHead:
    """A classifier as skl2onnx writes it: labels first, then probabilities by label, or raw scores."""

    def __init__(self, file: Path, output: str) -> None:
        """Load it.

        Args:
            file: The ONNX file.
            output: ``probability`` or ``raw``: what the second output holds.

        Raises:
            SgAssetsError: it is no such file.
        """
        import onnxruntime

        self._file, self._output = file, output
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3  # it warns that a ridge classifier has one column where its type says two
        options.intra_op_num_threads = 1
        try:
            self._session = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
        except Exception as error:  # noqa: BLE001 - its errors share no class
            raise SgAssetsError("not a head in ONNX", where=str(file), why=type(error).__name__) from None
        inputs, outputs = self._session.get_inputs(), self._session.get_outputs()
        if len(inputs) != 1 or len(outputs) != 2:
            why = f"it has {len(inputs)} inputs and {len(outputs)} outputs, in place of one and two"
            raise SgAssetsError("not the head of a classifier", where=str(file), why=why)
        self._input = inputs[0]

    def score(self, vectors: NDArray[Any]) -> NDArray[np.float64]:
        """One score a vector.

        Raises:
            SgAssetsError: the vectors do not fit, or the second output is not what is declared.
        """
        if not len(vectors):
            return np.zeros(0)
        width = self._input.shape[-1]
        if isinstance(width, int) and width != vectors.shape[1]:
            why = f"it takes {width} dimensions: it was made with another embedder"
            raise SgAssetsError(f"the head does not fit vectors of {vectors.shape[1]}", where=str(self._file), why=why)
        _, second = self._session.run(None, {self._input.name: vectors.astype(np.float32)})
        scores = self._probabilities(second) if self._output == "probability" else np.asarray(second).flatten()
        if scores.shape != (len(vectors),) or not np.isfinite(scores.astype(np.float64)).all():
            why = f"its second output is not one number a text: it has {self._shape(second)}"
            raise SgAssetsError(f"the head gives no {self._output} scores", where=str(self._file), why=why)
        return scores.astype(np.float64)

    def _probabilities(self, second: Any) -> NDArray[Any]:  # noqa: ANN401 - of onnxruntime
        if isinstance(second, list) and all(isinstance(row, Mapping) and 1 in row for row in second):
            return np.asarray([row[1] for row in second])
        if isinstance(second, np.ndarray) and second.ndim == 2 and second.shape[1] == 2:
            return second[:, 1]
        why = f"its second output has {self._shape(second)}, in place of two probabilities a text"
        remedy = "Declare output: raw"
        raise SgAssetsError("the head gives no probabilities", where=str(self._file), why=why, remedy=remedy)

    def _shape(self, second: Any) -> str:  # noqa: ANN401 - of onnxruntime
        return f"the shape {second.shape}" if isinstance(second, np.ndarray) else f"rows of {type(second[0]).__name__}"
