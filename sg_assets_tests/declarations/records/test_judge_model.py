"""What scores in a judge's place, as a profile declares it."""

from pathlib import Path
from typing import Any

import pytest

from sg_assets.declarations.record_reading import validated
from sg_assets.declarations.records.base import Record
from sg_assets.declarations.records.judge_model import JudgeModel, SequenceClassification
from sg_assets.errors import SgAssetsError

FILES = {"repo": "sg/judge", "revision": "main"}
CUTS = {"thresholds": {"balanced": 0.5}, "threshold": "balanced"}
CLASSIFIER = {"kind": "sequence_classification", "model": FILES, "score_of": ["toxic"], **CUTS}
ENCODER = {"kind": "sentence_transformers", "model": FILES}
HEAD = {"model": FILES, "file": "models/binary.onnx", "output": "probability"}
WITH_HEAD = {"kind": "embedding_head", "embedder": ENCODER, "head": HEAD, **CUTS}
FIT = {"texts": "raw/toxigen_sentences"}


class Judged(Record):
    """A profile's part."""

    judges: dict[str, JudgeModel]


def read(**declared: Any) -> Any:
    return validated({"judges": {"toxicity": declared}}, Judged, "profile.yaml").judges["toxicity"]


@pytest.mark.parametrize("declared", [CLASSIFIER, WITH_HEAD, {"kind": "linear"}])
def test_each_kind_is_read_as_its_record(declared: dict[str, Any]) -> None:
    assert read(**declared).kind == declared["kind"]


def test_lists_are_read_inside_of_a_kind() -> None:
    known = read(**CLASSIFIER | {"labels": ["benign", "toxic"], "sees": ["prompt", "response"]})
    assert isinstance(known, SequenceClassification)
    assert (known.labels, known.sees_prompt) == (("benign", "toxic"), True)


def test_raw_scores_of_a_head_may_have_thresholds_outside_of_shares() -> None:
    known = read(**WITH_HEAD | {"head": HEAD | {"output": "raw"}, "thresholds": {"balanced": -0.089, "high": 1.326}})
    assert not known.scores_are_shares
    assert read(**WITH_HEAD).scores_are_shares


WRONG = [
    ({**FILES}, "judges.toxicity: kind must be one of 'linear', 'sequence_classification', 'embedding_head'"),
    (CLASSIFIER | {"thresholds": None}, "judges.toxicity.thresholds"),
    ({key: CLASSIFIER[key] for key in ("kind", "model", "score_of")}, "they belong to judge and model"),
    (CLASSIFIER | {"score_off": ["x"]}, "unknown key 'judges.toxicity.score_off'. Did you mean 'score_of'"),
    (CLASSIFIER | {"model": FILES | {"rev": "x"}}, "unknown key 'judges.toxicity.model.rev'"),
    (CLASSIFIER | {"threshold": "high"}, "unknown threshold 'high'"),
    (CLASSIFIER | {"labels": ["benign", "rude"]}, "score_of: unknown label 'toxic'"),
    (CLASSIFIER | {"sees": ["prompt"]}, r"write \[response\] or \[prompt, response\]"),
    (CLASSIFIER | {"template": "{response} {prompt}"}, "template and sees differ: '{prompt}'"),
    (CLASSIFIER | {"activation": "sigmoid", "score_of": ["a", "b"]}, "do not exclude each other"),
    (CLASSIFIER | {"filter": {"patterns": {"a": "("}}}, "pattern 'a' is not an expression of RE2"),
    (CLASSIFIER | {"filter": {"patterns": {"a": "(?=x)"}}}, "pattern 'a' is not an expression of RE2"),
    (CLASSIFIER | {"filter": {"patterns": {"a": "x*"}}}, "pattern 'a' matches an empty text"),
    (CLASSIFIER | {"filter": {"patterns": {"a": "x"}, "score": 0.4}}, "is below the threshold 0.5: no flag is raised"),
    (WITH_HEAD | {"fit": FIT}, "needs either head .* or fit"),
    (WITH_HEAD | {"embedder": None}, "a head made elsewhere needs the embedder"),
    (WITH_HEAD | {"sees": ["prompt", "response"]}, "needs a template"),
    (WITH_HEAD | {"head": HEAD | {"file": "../head.onnx"}}, "judges.toxicity.head.file"),
    (WITH_HEAD | {"head": HEAD | {"file": "head.pkl"}}, "judges.toxicity.head.file"),
]


@pytest.mark.parametrize(("declared", "error"), WRONG)
def test_what_does_not_fit_is_refused_by_its_key(declared: dict[str, Any], error: str) -> None:
    with pytest.raises(SgAssetsError, match=error):
        read(**declared)


def test_the_error_has_the_line_of_the_key(tmp_path: Path) -> None:
    from sg_assets.declarations.record_reading import read_named
    from sg_assets.declarations.records.base import KIND_TAG

    class Named(Judged):
        """With the name of its file."""

        name: str

    file = tmp_path / "p.yaml"
    file.write_text("judges:\n  linear:\n    kind: linear\n    filtre: {}\n")
    with pytest.raises(SgAssetsError, match=r"unknown key 'judges.linear.filtre'.*line 4") as raised:
        read_named(file, Named, tmp_path)
    assert KIND_TAG not in str(raised.value)
