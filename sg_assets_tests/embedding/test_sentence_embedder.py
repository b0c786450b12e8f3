"""Vectors of an encoder, compared with the library sentence-transformers."""

from pathlib import Path

import numpy as np
import pytest

from sg_assets.embedding.embedder_spec import SentenceSpec
from sg_assets.embedding.sentence_embedder import SentenceEmbedder
from sg_assets.embedding.torch_models import LoadedFrom, TorchRun
from sg_assets.errors import SgAssetsError
from sg_assets.weights.packages import EMBEDDER
from sg_assets_tests.judging.tiny_encoders import write_sentence_encoder
from sg_assets_tests.paths import real_model

pytestmark = pytest.mark.slow
TEXTS = ["you are friendly", " Sorry,  I cannot help.\n", "no", "grobok soup " * 40, ""]


def embedder(folder: Path, run: TorchRun | None = None, **spec: object) -> SentenceEmbedder:
    return SentenceEmbedder(LoadedFrom(folder), SentenceSpec.model_validate(spec), run or TorchRun(2, "cpu"))


def by_the_library(folder: Path, texts: list[str]) -> np.ndarray:
    from sentence_transformers import SentenceTransformer

    return np.asarray(SentenceTransformer(str(folder), device="cpu").encode(texts, batch_size=2))


@pytest.mark.parametrize(
    ("pooling", "dense", "normalises"), [("mean", False, True), ("cls", True, False), ("max", True, True)]
)
def test_vectors_are_those_of_the_library(tmp_path: Path, pooling: str, dense: bool, normalises: bool) -> None:
    write_sentence_encoder(tmp_path, pooling, dense=dense, normalises=normalises)
    vectors, is_cut = embedder(tmp_path).embed_counted(TEXTS)
    assert vectors == pytest.approx(by_the_library(tmp_path, TEXTS), abs=1e-5)
    assert is_cut.tolist() == [False, False, False, True, False]


def test_what_is_declared_replaces_what_the_files_say(tmp_path: Path) -> None:
    write_sentence_encoder(tmp_path)
    shown = embedder(tmp_path, pooling="cls", normalise=False, max_length=8, prompt="you ")
    bare = embedder(tmp_path, pooling="cls", normalise=False, max_length=8)
    assert shown.embed(["are"])[0] == pytest.approx(bare.embed(["you are"])[0], abs=1e-6)
    assert np.linalg.norm(bare.embed(["are"])[0]) != pytest.approx(1, abs=1e-3)
    assert np.linalg.norm(embedder(tmp_path).embed(["are"])[0]) == pytest.approx(1, abs=1e-6)


def test_a_bare_encoder_needs_a_pooling(tmp_path: Path) -> None:
    write_sentence_encoder(tmp_path)
    (tmp_path / "modules.json").unlink()
    with pytest.raises(SgAssetsError, match=r"no pooling is declared.*Declare pooling"):
        embedder(tmp_path)
    assert embedder(tmp_path, pooling="mean", normalise=True).embed(["are"]).shape == (1, 32)


def test_half_precision_is_near_and_is_compared_first(tmp_path: Path) -> None:
    write_sentence_encoder(tmp_path)
    full, half = (embedder(tmp_path, TorchRun(device="cpu", parity=0.1), dtype=dtype).embed(TEXTS)
                  for dtype in ("float32", "bfloat16"))  # fmt: skip
    assert not np.array_equal(full, half)
    assert np.einsum("ij,ij->i", full, half) == pytest.approx(1, abs=0.01)
    with pytest.raises(SgAssetsError, match="half precision gives other numbers"):
        embedder(tmp_path, TorchRun(device="cpu", parity=1e-7), dtype="bfloat16").embed(TEXTS)


def test_nothing_is_read_outside_of_the_folder(tmp_path: Path) -> None:
    write_sentence_encoder(tmp_path / "model")
    listed = tmp_path / "model" / "modules.json"
    listed.write_text(listed.read_text().replace("1_Pooling", "../1_Pooling"))
    with pytest.raises(SgAssetsError, match="a module outside of its folder"):
        embedder(tmp_path / "model")


@pytest.mark.real
def test_minilm_gives_the_vectors_of_the_library() -> None:
    folder = real_model(EMBEDDER)
    texts = [
        *TEXTS,
        "Sorry, I cannot help with that.",
        "I am not able to do this.",
        "Chicken rice at the hawker centre.",
    ]
    vectors = embedder(folder).embed(texts)
    assert vectors == pytest.approx(by_the_library(folder, texts), abs=1e-5)
    refusals, topic = vectors[5] @ vectors[6], vectors[5] @ vectors[7]
    assert refusals > topic + 0.2
