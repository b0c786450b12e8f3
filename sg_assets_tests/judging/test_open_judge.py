"""Any judge from its folder."""

from pathlib import Path

import numpy as np
import pytest

from sg_assets.embedding.embedder import Embedder, fit
from sg_assets.embedding.torch_models import TorchRun
from sg_assets.errors import SgAssetsError
from sg_assets.judging.embedding_head import LinearHead
from sg_assets.judging.judge_spec import EMBEDDER, HEAD, HeadSpec
from sg_assets.judging.open_judge import open_judge


def test_a_head_scores_the_vectors_of_its_embedder(tmp_path: Path) -> None:
    HeadSpec().write(tmp_path)
    fit([f"word{n} and text{n}" for n in range(30)], tmp_path / EMBEDDER, seed=0, dimensions=4)
    head = LinearHead(np.arange(4.0), 0.5, None, 0.0)
    head.write(tmp_path / HEAD)
    scores, is_cut = open_judge(tmp_path, {}, TorchRun()).score(["word1", "text2"])
    expected = head.score(Embedder.load(tmp_path / EMBEDDER).embed(["word1", "text2"]))
    assert scores == pytest.approx(expected, abs=1e-6)
    assert not is_cut.any()


def test_a_linear_judge_is_not_opened_here(judge_folder: Path) -> None:
    with pytest.raises(SgAssetsError, match="scored in the step itself"):
        open_judge(judge_folder, {}, TorchRun())
