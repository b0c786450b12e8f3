"""What a judge is shown."""

import json

import polars as pl

from sg_assets.judging.judge_spec import ClassifierSpec
from sg_assets.judging.shown_texts import shown_texts

ANSWERS = pl.DataFrame({"prompt": ['a "b"\n', "{response}"], "response": ["x", "{prompt} y"]})


def shown(**spec: object) -> list[str]:
    return shown_texts(ClassifierSpec.model_validate({"score_of": ("a",), **spec}), ANSWERS).to_list()


def test_the_response_alone() -> None:
    assert shown() == ["x", "{prompt} y"]
    assert shown(template="<{response}>") == ["<x>", "<{prompt} y>"]


def test_a_pair_keeps_its_parts_apart() -> None:
    pairs = [json.loads(text) for text in shown(sees=("prompt", "response"))]
    assert [(pair["prompt"], pair["response"]) for pair in pairs] == ANSWERS.rows()


def test_a_template_is_filled_in_once() -> None:
    both = shown(sees=("prompt", "response"), template="{prompt}|{response}|{prompt}")
    assert both == ['a "b"\n|x|a "b"\n', "{response}|{prompt} y|{response}"]
