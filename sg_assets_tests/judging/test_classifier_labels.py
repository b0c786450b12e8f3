"""The outputs of a classifier that make its score."""

import json
from pathlib import Path

import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.judging.classifier_labels import label_columns, require_labels
from sg_assets.judging.judge_spec import ClassifierSpec


def spec(**values: object) -> ClassifierSpec:
    return ClassifierSpec.model_validate({"score_of": ("toxic",), **values})


def test_labels_are_outputs_by_the_model_s_names_or_by_declared_ones() -> None:
    assert label_columns(["safe", "toxic"], spec(), "m") == [1]
    assert label_columns(["LABEL_0", "LABEL_1"], spec(labels=("toxic", "safe")), "m") == [0]
    assert label_columns(["a", "b", "c"], spec(score_of=("c", "a")), "m") == [2, 0]


def test_a_configuration_is_compared_before_weights_are_loaded(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps({"id2label": {"0": "safe", "1": "rude"}}))
    with pytest.raises(SgAssetsError, match=r"unknown label 'toxic'. The model's labels are safe, rude"):
        require_labels(tmp_path, spec())
    (tmp_path / "config.json").write_text("{}")
    require_labels(tmp_path, spec(score_of=("LABEL_1",)))
