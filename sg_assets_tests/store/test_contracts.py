"""The names of checks identify results; what is demanded decides the digest."""

import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.store.columns import Column
from sg_assets.store.contracts import Check, Contract


@pytest.mark.parametrize("names", [("key",), ("columns",), ("a", "a")])
def test_a_name_that_would_not_identify_a_result_is_refused(names: tuple[str, ...]) -> None:
    with pytest.raises(SgAssetsError, match=f"name '{names[0]}' is taken"):
        Contract(checks=tuple(Check(name, "It holds.", "true") for name in names))


def test_descriptions_and_the_order_of_columns_do_not_decide_the_digest() -> None:
    columns = (Column("id", "INTEGER", "Counts."), Column("text", "VARCHAR"))
    plain = (Column("text", "VARCHAR", "Said."), Column("id", "INTEGER"))
    assert Contract(columns=columns).digest == Contract(columns=plain).digest
    assert Contract(columns=columns).digest != Contract(columns=columns[:1]).digest
