"""Any judge from its folder, by its kind."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from sg_assets.embedding.open_embedder import open_embedder
from sg_assets.embedding.torch_models import LoadedFrom, TorchRun
from sg_assets.errors import SgAssetsError
from sg_assets.judging.embedding_head import EmbeddingJudge, LinearHead, OnnxHead
from sg_assets.judging.judge_spec import CLASSIFIER, EMBEDDER, HEAD, ClassifierSpec, read_judge_spec


class ScoresTexts(Protocol):
    """Scores texts as the judge is shown them."""

    def score(self, texts: Sequence[str]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """Scores, and whether a text was cut off."""


def open_judge(folder: Path, files: Mapping[str, LoadedFrom], run: TorchRun) -> ScoresTexts:
    """Load a judge that is not a linear one.

    Args:
        folder: Of the judge.
        files: The files behind its parts (``judge_spec.CLASSIFIER``, ...), where they were made elsewhere.
        run: Where it runs.

    Raises:
        SgAssetsError: it is no such judge's folder, or cannot be used.
    """
    spec = read_judge_spec(folder)
    if spec is None:
        raise SgAssetsError("a linear judge is scored in the step itself", where=str(folder))
    if isinstance(spec, ClassifierSpec):
        from sg_assets.judging.sequence_classifier import SequenceClassifier

        return SequenceClassifier(files[CLASSIFIER], spec, run)
    embedder = open_embedder(folder / EMBEDDER, files.get(EMBEDDER), run)
    if spec.file is None:
        return EmbeddingJudge(embedder, LinearHead.load(folder / HEAD))
    return EmbeddingJudge(embedder, OnnxHead(files[HEAD].path / spec.file, spec.output))
