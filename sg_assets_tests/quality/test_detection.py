"""The page of what the checks detect is true of what is shipped."""

import pytest

from sg_assets_tests.quality.detection import PAGE, section, tried
from sg_assets_tests.quality.faults import LABELLED, SCORED
from sg_assets_tests.quality.fuzzing import TABLES
from sg_assets_tests.quality.world import World


@pytest.mark.slow
@pytest.mark.parametrize("table", [LABELLED, SCORED])
def test_what_the_page_says_of_a_table_is_what_happens(world: World, table: str) -> None:
    message = "the page is stale: run `python -m sg_assets_tests.quality.detection` and review the diff"
    assert section(table, tried(world, table)) in PAGE.read_text(encoding="utf-8"), message


def test_the_page_has_every_table() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert [table for table in TABLES if f"## `{table}`" not in text] == []
