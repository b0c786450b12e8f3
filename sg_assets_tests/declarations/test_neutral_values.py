"""Neutral values: what an absent key of a record counts as."""

from typing import Annotated, Any

import pytest
from pydantic import create_model

from sg_assets.declarations.neutral_values import Neutral, is_neutral, neutrals
from sg_assets.declarations.records.base import Record


class Added(Record):
    """A record with a key that came later: before it, the code did 1."""

    size: int = 3
    later: Annotated[int, Neutral(1)] = 4


def test_only_fields_that_came_later_have_a_neutral_value() -> None:
    assert neutrals(Added) == {"later": 1}
    assert not is_neutral(Added, "size", 3)


def test_a_record_may_be_a_neutral_value() -> None:
    kind = create_model("Kind", key=(Annotated[Any, Neutral(Added())], None))
    assert is_neutral(kind, "key", {"size": 3, "later": 4})


@pytest.mark.parametrize(("neutral", "value"), [(1, True), (True, 1), (1, 1.0), (0, None), ("1", 1), ((), None)])
def test_only_the_very_value_is_neutral(neutral: object, value: object) -> None:
    kind = create_model("Kind", key=(Annotated[Any, Neutral(neutral)], None))
    assert not is_neutral(kind, "key", value)
    assert is_neutral(kind, "key", neutral)
