"""The embedder: similarity, files, and that a vector depends on its text alone."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sg_assets.demo import judge_texts
from sg_assets.demo.paraphrases import pairs
from sg_assets.embedding.embedder import BEHAVIOUR, DIMENSIONS, Embedder, cosines, evaluate, fit
from sg_assets.errors import SgAssetsError
from sg_assets.store.fingerprints import json_digest
from sg_assets_tests.demo.declared import refusals, templates

pytestmark = pytest.mark.slow

FIT = """
import sys
from pathlib import Path
from sg_assets.embedding.embedder import fit
fit(Path(sys.argv[1]).read_text().split("\\n"), Path(sys.argv[2]), seed=0)
"""


@pytest.fixture(scope="module")
def texts() -> list[str]:
    drawn = judge_texts.texts(0, 600, templates(), refusals())
    return drawn.filter(use="fit")["text"].unique().sort().to_list()


@pytest.fixture(scope="module")
def folder(texts: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("embedder")
    fit(texts, folder, seed=0)
    return folder


@pytest.fixture(scope="module")
def embedder(folder: Path) -> Embedder:
    return Embedder.load(folder)


def test_vectors_have_length_one(embedder: Embedder, texts: list[str]) -> None:
    vectors = embedder.embed(texts)
    assert vectors.shape == (len(texts), DIMENSIONS)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, rtol=1e-6)


def test_a_text_without_a_word_is_no_vector_and_near_nothing(embedder: Embedder) -> None:
    assert not embedder.embed(["", "  "]).any()
    assert cosines(embedder, [""], ["lah"]).tolist() == [0.0]


def test_no_texts_have_no_vectors(embedder: Embedder) -> None:
    assert embedder.embed([]).shape == (0, DIMENSIONS)


@given(others=st.lists(st.text(max_size=30), max_size=5), position=st.integers(0, 5))
def test_a_vector_does_not_depend_on_its_neighbours(embedder: Embedder, others: list[str], position: int) -> None:
    text = "Sorry, I cannot help with that."
    position = min(position, len(others))
    among = embedder.embed([*others[:position], text, *others[position:]])[position]
    assert (among == embedder.embed([text])[0]).all()


def test_a_vector_does_not_depend_on_the_batch(
    embedder: Embedder, texts: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = embedder.embed(texts)
    monkeypatch.setattr("sg_assets.embedding.embedder._BATCH", 7)
    assert (embedder.embed(texts) == whole).all()


@pytest.mark.parametrize("threads", ["1", "2"])
def test_the_same_texts_write_the_same_bytes_in_any_process(
    folder: Path, texts: list[str], tmp_path: Path, threads: str
) -> None:
    (tmp_path / "texts").write_text("\n".join(texts))
    environment = {"OPENBLAS_NUM_THREADS": threads, "OMP_NUM_THREADS": threads, "PYTHONHASHSEED": threads}
    command = [sys.executable, "-c", FIT, str(tmp_path / "texts"), str(tmp_path / "made")]
    subprocess.run(command, check=True, env=environment, cwd=Path(__file__).parents[2])
    for name in ("embedder.json", "weights.safetensors"):
        assert (tmp_path / "made" / name).read_bytes() == (folder / name).read_bytes()


def test_other_texts_write_other_bytes(folder: Path, texts: list[str], tmp_path: Path) -> None:
    fit(texts[1:], tmp_path, seed=0)
    assert (tmp_path / "weights.safetensors").read_bytes() != (folder / "weights.safetensors").read_bytes()


def test_texts_that_belong_together_are_nearer_than_others(embedder: Embedder) -> None:
    checked = pairs(0, 100)
    figures = evaluate(embedder, *(checked[name].to_list() for name in ("left", "right", "related", "kind")))
    assert figures["auc"] > 0.85
    assert figures["n"] == 500
    cosine = figures["cosine"]
    assert min(cosine["refusals"], cosine["same_topic"]) > cosine["answer_and_refusal"] + 0.1
    assert cosine["same_frame"] > cosine["other_frame"] + 0.3


def test_equal_texts_are_as_near_as_can_be(embedder: Embedder, texts: list[str]) -> None:
    np.testing.assert_allclose(cosines(embedder, texts, texts), 1, rtol=1e-5)


def test_too_few_texts_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SgAssetsError, match="3 texts are too few"):
        fit(["a", "b", "c"], tmp_path, seed=0)


def test_a_folder_without_an_embedder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SgAssetsError, match="not an embedder's folder"):
        Embedder.load(tmp_path)


def test_another_format_is_refused(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "weights.safetensors").write_bytes((folder / "weights.safetensors").read_bytes())
    described = json.loads((folder / "embedder.json").read_text()) | {"format": 99}
    (tmp_path / "embedder.json").write_text(json.dumps(described))
    with pytest.raises(SgAssetsError, match="embedder format 99 is not 1"):
        Embedder.load(tmp_path)


def test_its_behaviour_has_a_number_that_kept_vectors_are_keyed_by() -> None:
    features = [
        {"analyzer": "word", "ngram_range": [1, 1], "token_pattern": r"(?u)\b\w+\b", "n_features": 32},
        {"analyzer": "char_wb", "ngram_range": [3, 4], "n_features": 64},
    ]
    embedder = Embedder(features, np.sin(np.arange(96.0 * 5)).reshape(96, 5))
    texts = ["I cannot help with that", "Wah, so SHIOK one!", "", "你好 lah", "number 65,536", "a a a b"]
    vectors = [[round(number, 5) for number in vector] for vector in embedder.embed(texts).astype(float).tolist()]
    assert (BEHAVIOUR, json_digest(vectors)) == (1, "52d24c18230d8bd2573d2de794567b2f")
