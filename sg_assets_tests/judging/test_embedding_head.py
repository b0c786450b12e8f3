"""Heads over embeddings: ONNX classifiers as LionGuard 1 has them, and linear ones of our own."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.judging.embedding_head import LinearHead, OnnxHead

DRAWN = np.random.default_rng(0)
VECTORS = DRAWN.normal(size=(60, 8)).astype(np.float32)
LABELS = (VECTORS[:, 0] + 0.3 * DRAWN.normal(size=60) > 0).astype(int)


def onnx_file(folder: Path, model: Any) -> Path:
    from skl2onnx import to_onnx

    file = folder / "head.onnx"
    file.write_bytes(to_onnx(model, VECTORS[:1]).SerializeToString())
    return file


@pytest.mark.slow
def test_a_calibrated_ridge_head_gives_the_probability_of_label_one(tmp_path: Path) -> None:
    from sklearn.calibration import CalibratedClassifierCV
    from sklearn.linear_model import RidgeClassifier

    model = CalibratedClassifierCV(RidgeClassifier(), method="sigmoid", cv=3).fit(VECTORS, LABELS)
    head = OnnxHead(onnx_file(tmp_path, model), "probability")
    assert head.score(VECTORS) == pytest.approx(model.predict_proba(VECTORS)[:, 1], abs=1e-5)


@pytest.mark.slow
def test_a_ridge_head_gives_raw_scores_outside_of_shares(tmp_path: Path) -> None:
    from sklearn.linear_model import RidgeClassifier

    model = RidgeClassifier().fit(VECTORS, LABELS)
    file = onnx_file(tmp_path, model)
    scores = OnnxHead(file, "raw").score(VECTORS)
    assert scores == pytest.approx(model.decision_function(VECTORS), abs=1e-5)
    assert min(scores) < 0
    with pytest.raises(SgAssetsError, match=r"gives no probabilities.*Declare output: raw"):
        OnnxHead(file, "probability").score(VECTORS)
    with pytest.raises(SgAssetsError, match=r"does not fit vectors of 5.*takes 8 dimensions"):
        OnnxHead(file, "raw").score(VECTORS[:, :5])


def test_a_file_that_is_no_head_is_refused(tmp_path: Path) -> None:
    (tmp_path / "head.onnx").write_bytes(b"not a model")
    with pytest.raises(SgAssetsError, match="not a head in ONNX"):
        OnnxHead(tmp_path / "head.onnx", "raw")


def test_a_linear_head_is_read_as_it_was_written(tmp_path: Path) -> None:
    head = LinearHead(np.arange(8.0), 0.5, 2.0, -1.0)
    head.write(tmp_path / "head")
    assert LinearHead.load(tmp_path / "head").score(VECTORS).tolist() == head.score(VECTORS).tolist()
    raw = LinearHead(np.arange(8.0), 0.5, None, 0.0).score(VECTORS)
    assert head.score(VECTORS) == pytest.approx(1 / (1 + np.exp(1 - 2 * raw)))


def test_a_linear_head_refuses_vectors_of_another_embedder() -> None:
    with pytest.raises(SgAssetsError, match=r"does not fit vectors of 5 dimensions. It was fitted on 8"):
        LinearHead(np.zeros(8), 0.0, None, 0.0).score(VECTORS[:, :5])
