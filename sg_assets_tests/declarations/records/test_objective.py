"""An objective has one bound."""

from typing import Any

import pytest
from pydantic import ValidationError

from sg_assets.declarations.records.objective import Objective

NAMED = {"id": "few", "description": "x", "kind": "primary", "benchmark": "b", "metric": "rate", "slice": "all"}


@pytest.mark.parametrize("bounds", [{}, {"at_most": 0.1, "at_least": 0.0}])
def test_neither_none_nor_both(bounds: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="few: needs either at_most or at_least"):
        Objective.model_validate({**NAMED, **bounds})


def test_zero_is_a_bound() -> None:
    assert Objective.model_validate({**NAMED, "at_most": 0}).at_most == 0
