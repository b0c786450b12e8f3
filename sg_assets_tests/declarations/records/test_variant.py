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
    ({"method": "imported"}, "method 'imported' needs an adapter"),
    ({"method": "imported", "adapter": {"path": "a"}, "mix": "m"}, "method 'imported' trains nothing"),
    ({"method": "none", "adapter": {"path": "a"}}, "adapter applies to method 'imported' only, not to 'none'"),
    ({"method": "imported", "adapter": {}}, "needs either repo"),
    ({"method": "imported", "adapter": {"path": "a", "repo": "o/a", "revision": "main"}}, "needs either repo"),
    ({"method": "imported", "adapter": {"repo": "o/a"}}, "repo needs a revision"),
    ({"method": "imported", "adapter": {"path": "a", "revision": "main"}}, "a folder has no revision"),
])  # fmt: skip
def test_a_field_that_does_not_suit_the_method_is_refused(fields: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        Variant.model_validate({**NAMED, **fields})


def test_a_preference_training_may_declare_beta() -> None:
    fields = {"method": "dpo", "mix": "m", "rank": 8, "training": {"beta": 0.1}}
    assert Variant.model_validate({**NAMED, **fields}).training.beta == 0.1


def test_an_imported_adapter_is_an_adapter_that_is_not_trained_here() -> None:
    imported = Variant.model_validate({**NAMED, "method": "imported", "adapter": {"path": "a"}})
    plain = Variant.model_validate({**NAMED, "method": "none"})
    assert [(known.has_adapter, known.is_trained) for known in (imported, plain)] == [(True, False), (False, False)]
