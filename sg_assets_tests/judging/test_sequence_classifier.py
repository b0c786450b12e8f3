"""Scores of a classifier of transformers, compared with the library's own pipeline and a bare model."""

import json
from pathlib import Path

import numpy as np
import pytest

from sg_assets.embedding.torch_models import LoadedFrom, TorchRun
from sg_assets.errors import SgAssetsError
from sg_assets.judging.judge_spec import ClassifierSpec
from sg_assets.judging.sequence_classifier import SequenceClassifier
from sg_assets_tests.judging.tiny_encoders import write_bert_classifier, write_roberta_classifier

pytestmark = pytest.mark.slow
TEXTS = ["you are friendly", "Sorry, I cannot help.", "no", "grobok soup " * 40, "you are", ""]


@pytest.fixture(scope="module")
def roberta(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("roberta")
    write_roberta_classifier(folder)
    return folder


@pytest.fixture(scope="module")
def bert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bert")
    write_bert_classifier(folder)
    return folder


def classifier(folder: Path, run: TorchRun | None = None, **spec: object) -> SequenceClassifier:
    described = ClassifierSpec.model_validate({"score_of": ("LABEL_1",), "max_length": 62, **spec})
    return SequenceClassifier(LoadedFrom(folder), described, run or TorchRun(batch_size=2, device="cpu"))


def test_a_score_is_the_probability_of_its_label_and_not_of_the_likeliest(roberta: Path) -> None:
    from transformers import pipeline

    asked = pipeline(
        "text-classification", model=str(roberta), truncation=True, max_length=62, top_k=None, device="cpu"
    )
    expected = [{label["label"]: label["score"] for label in said}["REJECTION"] for said in asked(TEXTS)]
    scores, _ = classifier(roberta, score_of=("REJECTION",)).score(TEXTS)
    assert scores == pytest.approx(expected, abs=2e-6)
    assert min(scores) < 0.5 < max(scores)


def test_labels_without_names_are_named_in_the_declaration(bert: Path) -> None:
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    model, tokenizer = AutoModelForSequenceClassification.from_pretrained(bert), AutoTokenizer.from_pretrained(bert)
    with torch.inference_mode():
        outputs = model(**tokenizer(TEXTS[0], return_tensors="pt")).logits
    scores, _ = classifier(bert, labels=("benign", "toxic"), score_of=("toxic",)).score(TEXTS[:1])
    assert scores[0] == pytest.approx(float(outputs.softmax(-1)[0, 1]), abs=2e-6)


def test_probabilities_of_several_labels_add_up(bert: Path) -> None:
    scores, _ = classifier(bert, labels=("a", "b"), score_of=("a", "b")).score(TEXTS)
    assert scores.tolist() == [1.0] * len(TEXTS)


def test_texts_beyond_the_limit_are_cut_off_and_counted(roberta: Path) -> None:
    _, is_cut = classifier(roberta, score_of=("REJECTION",)).score(TEXTS)
    assert is_cut.tolist() == [False, False, False, True, False, False]
    same_beginning, _ = classifier(roberta, score_of=("REJECTION",)).score([TEXTS[3], TEXTS[3] + " more"])
    assert same_beginning[0] == pytest.approx(same_beginning[1], abs=2e-6)


def test_a_score_does_not_depend_on_the_texts_beside_it(bert: Path) -> None:
    together, _ = classifier(bert).score(TEXTS)
    alone = [classifier(bert).score([text])[0][0] for text in TEXTS[:3]]
    assert together[:3] == pytest.approx(alone, abs=2e-6)


def test_a_pair_is_joined_as_its_tokenizer_joins_pairs(bert: Path) -> None:
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    model, tokenizer = AutoModelForSequenceClassification.from_pretrained(bert), AutoTokenizer.from_pretrained(bert)
    with torch.inference_mode():
        outputs = model(**tokenizer("help", "no", return_tensors="pt")).logits
    judge = classifier(bert, sees=("prompt", "response"))
    scores, _ = judge.score([json.dumps({"prompt": "help", "response": "no"})])
    assert scores[0] == pytest.approx(float(outputs.softmax(-1)[0, 1]), abs=2e-6)
    assert scores[0] != pytest.approx(classifier(bert).score(["no"])[0][0], abs=1e-4)


def test_half_precision_is_near_and_is_compared_first(bert: Path) -> None:
    full, _ = classifier(bert).score(TEXTS)
    half, _ = classifier(bert, TorchRun(device="cpu", parity=0.1), dtype="bfloat16").score(TEXTS)
    assert not np.array_equal(full, half)
    assert half == pytest.approx(full.tolist(), abs=0.1)
    with pytest.raises(SgAssetsError, match="half precision gives other numbers"):
        classifier(bert, TorchRun(device="cpu", parity=1e-6), dtype="bfloat16").score(TEXTS)


@pytest.mark.parametrize(
    ("spec", "error"),
    [
        ({"score_of": ("REJECTED",)}, "unknown label 'REJECTED'.*REJECTION"),
        ({"labels": ("a", "b", "c"), "score_of": ("a",)}, "3 labels are declared.*2 outputs"),
        ({"score_of": ("REJECTION",), "max_length": 63}, "max_length 63.*at most 62"),
    ],
)
def test_what_the_model_has_not_is_refused(roberta: Path, spec: dict[str, object], error: str) -> None:
    with pytest.raises(SgAssetsError, match=error):
        classifier(roberta, None, **spec)


def test_a_model_of_one_output_needs_a_sigmoid(tmp_path: Path) -> None:
    write_bert_classifier(tmp_path, labels=1)
    with pytest.raises(SgAssetsError, match=r"one output\. Its softmax is always 1"):
        classifier(tmp_path, score_of=("LABEL_0",))
    scores, _ = classifier(tmp_path, score_of=("LABEL_0",), activation="sigmoid").score(TEXTS)
    assert 0 < min(scores) < max(scores) < 1


def test_a_model_without_a_trained_head_is_refused(tmp_path: Path) -> None:
    import torch
    from transformers import BertConfig, BertModel

    from sg_assets_tests.judging.tiny_encoders import write_bert_tokenizer

    write_bert_tokenizer(tmp_path)
    torch.manual_seed(0)
    BertModel(BertConfig(vocab_size=300, hidden_size=32, num_hidden_layers=1, num_attention_heads=2,
                         intermediate_size=32, max_position_embeddings=64)).save_pretrained(tmp_path)  # fmt: skip
    with pytest.raises(SgAssetsError, match="no trained classifier of texts"):
        classifier(tmp_path)
