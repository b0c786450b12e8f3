"""A variant declares what its method takes, and nothing else."""

from typing import Any

import pytest
from pydantic import ValidationError

from sg_assets.declarations.records.variant import Variant

NAMED = {"name": "v", "description": "x", "parent": "base"}


@pytest.mark.parametrize(("fields", "reason"), [
    ({"method": "none", "rank": 8}, "method 'none' trains nothing"), ({"method": "none", "seed": 0}, "trains nothing"),
    ({"method": "sft", "mix": "m"}, "method 'sft' needs a mix and a rank"),
    ({"method": "sft", "mix": "m", "rank": 8, "training": {"beta": 0.1}}, "beta applies to kto and dpo only"),
])  # fmt: skip
def test_a_field_that_does_not_suit_the_method_is_refused(fields: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        Variant.model_validate({**NAMED, **fields})


def test_a_preference_training_may_declare_beta() -> None:
    fields = {"method": "dpo", "mix": "m", "rank": 8, "training": {"beta": 0.1}}
    assert Variant.model_validate({**NAMED, **fields}).training.beta == 0.1
