"""Any embedder from its folder."""

from pathlib import Path

from sg_assets.embedding.embedder import fit
from sg_assets.embedding.open_embedder import open_embedder
from sg_assets.embedding.torch_models import TorchRun


def test_our_own_embedder_is_opened_and_cuts_nothing_off(tmp_path: Path) -> None:
    fit([f"word{n} and text{n}" for n in range(30)], tmp_path / "own", seed=0, dimensions=4)
    vectors, is_cut = open_embedder(tmp_path / "own", None, TorchRun()).embed_counted(["word1", "text2 " * 1000])
    assert vectors.shape == (2, 4)
    assert not is_cut.any()
