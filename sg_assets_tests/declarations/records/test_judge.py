"""A judge and its thresholds."""

import pytest
from pydantic import ValidationError

from sg_assets.declarations.records.judge import JudgeDeclaration

JUDGE = {"name": "toxicity", "description": "x", "thresholds": {"strict": 0.2, "lax": 0.8}}


def test_the_cut_is_the_threshold_in_use() -> None:
    assert JudgeDeclaration.model_validate({**JUDGE, "threshold": "lax"}).cut == 0.8


def test_a_threshold_in_use_is_a_named_threshold() -> None:
    with pytest.raises(ValidationError, match=r"unknown threshold 'strct'\. Did you mean 'strict'"):
        JudgeDeclaration.model_validate({**JUDGE, "threshold": "strct"})
