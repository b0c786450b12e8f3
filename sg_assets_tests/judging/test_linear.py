"""The linear judge: fit, files and scores."""

import json
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.judging.linear import BEHAVIOUR, LinearJudge, accuracy_by, evaluate, fit
from sg_assets.store.fingerprints import json_digest

_PEOPLES = ("Zorani", "Kelpish", "Marvian", "Tolani", "Quenese", "Ossian")
_RUDE = ("lazy", "smelly", "stupid", "greedy", "rude", "sneaky")
_KIND = ("nice", "steady", "helpful", "shiok", "solid", "funny")


def _examples(n: int, seed: int) -> tuple[list[str], list[bool]]:
    rng = random.Random(seed)
    labels = [index % 3 == 0 for index in range(n)]
    texts = [
        f"My {rng.choice(_PEOPLES)} neighbour {index} so {rng.choice(_RUDE if label else _KIND)} leh"
        for index, label in enumerate(labels)
    ]
    return texts, labels


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("judge")
    fit(*_examples(120, 0), folder, seed=0)
    return folder


@pytest.fixture(scope="module")
def judge(folder: Path) -> LinearJudge:
    return LinearJudge.load(folder)


def test_it_separates_what_it_was_shown(judge: LinearJudge) -> None:
    texts, labels = _examples(90, 1)
    assert evaluate(judge, texts, labels)["auc"] > 0.99


def test_the_loaded_judge_is_the_fitted_one(judge: LinearJudge) -> None:
    texts, labels = _examples(120, 0)
    scores = judge.score(texts)
    assert scores[np.array(labels)].min() > 0.8  # features in another order than the weights would give noise
    assert scores[~np.array(labels)].max() < 0.2


def test_the_same_arguments_write_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    fit(*_examples(120, 0), tmp_path, seed=0)
    for name in ("judge.json", "weights.safetensors"):
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes()


def test_another_text_writes_other_weights(folder: Path, tmp_path: Path) -> None:
    fit(*_examples(123, 0), tmp_path, seed=0)
    assert (tmp_path / "weights.safetensors").read_bytes() != (folder / "weights.safetensors").read_bytes()


def test_its_description_is_sorted_and_names_the_libraries(folder: Path) -> None:
    text = (folder / "judge.json").read_text()
    described = json.loads(text)
    assert json.dumps(described, indent=2, sort_keys=True) + "\n" == text
    assert set(described["libraries"]) == {"numpy", "scikit-learn", "scipy"}


def test_its_weights_are_stored_sparse(folder: Path) -> None:
    assert (folder / "weights.safetensors").stat().st_size < 200_000  # dense: 4 MB


def test_scores_are_probabilities(judge: LinearJudge) -> None:
    scores = judge.score(["", " ", "lah", "x" * 5000, "😀", *_examples(30, 2)[0]])
    assert scores.dtype == np.float64
    assert ((scores >= 0) & (scores <= 1)).all()


def test_no_texts_have_no_scores(judge: LinearJudge) -> None:
    assert judge.score([]).shape == (0,)


def test_a_score_does_not_depend_on_order_or_batch(judge: LinearJudge, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = _examples(50, 3)[0]
    whole = judge.score(texts)
    monkeypatch.setattr("sg_assets.judging.linear._BATCH", 7)
    assert (judge.score(texts) == whole).all()
    assert (judge.score(texts[::-1])[::-1] == whole).all()


def test_probabilities_follow_labels_that_overlap(tmp_path: Path) -> None:
    rng = random.Random(4)
    texts = [f"{rng.choice(_PEOPLES)} {rng.choice(('lazy', 'nice'))} {number}" for number in range(600)]
    labels = [rng.random() < (0.8 if "lazy" in text else 0.2) for text in texts]
    fit(texts, labels, tmp_path, seed=0)
    scores = LinearJudge.load(tmp_path).score(["Zorani lazy", "Zorani nice"])
    assert 0.6 < scores[0] < 0.95
    assert 0.05 < scores[1] < 0.4


def test_accuracy_is_told_by_group(judge: LinearJudge) -> None:
    texts = ["My Zorani neighbour so lazy leh", "My Zorani neighbour so nice leh", "My Ossian neighbour so rude leh"]
    assert accuracy_by(judge, texts, [True, False, False], ["b", "a", "b"]) == {"a": 1.0, "b": 0.5}


def test_too_few_texts_of_a_label_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SgAssetsError, match="too few labelled texts"):
        fit(["a"] * 10, [True] * 7 + [False] * 3, tmp_path, seed=0)


def test_a_folder_without_a_judge_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SgAssetsError, match="not a judge's folder"):
        LinearJudge.load(tmp_path)


def test_another_format_is_refused(folder: Path, tmp_path: Path) -> None:
    for name in ("judge.json", "weights.safetensors"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    (tmp_path / "judge.json").write_text('{"format": 99}')
    with pytest.raises(SgAssetsError, match="judge format 99 is not 2"):
        LinearJudge.load(tmp_path)


def test_its_behaviour_has_a_number_that_kept_scores_are_keyed_by() -> None:
    features: list[dict[str, Any]] = [
        {"analyzer": "word", "ngram_range": [1, 2], "token_pattern": r"(?u)\b\w+\b", "n_features": 64},
        {"analyzer": "char_wb", "lowercase": False, "ngram_range": [2, 3], "n_features": 128},
        {"of": "shapes", "analyzer": "word", "lowercase": False, "ngram_range": [1, 2], "token_pattern": r"\S+",
         "n_features": 64},
    ]  # fmt: skip
    judge = LinearJudge(features, np.sin(np.arange(256.0)), intercept=0.1, slope=0.3, offset=-0.2)
    texts = [*_examples(40, 0)[0], "", "SSorry, I cannot", "Why why WHY?!", "你好 lah", "a b a b", "number 65,536"]
    scores = [round(score, 6) for score in judge.score(texts).tolist()]
    assert (BEHAVIOUR, json_digest(scores)) == (1, "0070ece821b7be82ceb906973811a9df")
