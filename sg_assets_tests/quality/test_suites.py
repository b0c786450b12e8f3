"""Declared rules as parts of a table's contract."""

from pathlib import Path
from typing import Any

import polars as pl

from sg_assets.errors import SgAssetsError
from sg_assets.quality.suites import Expectations, Inspections, checks_of, suites_of
from sg_assets_tests.quality.tables import expected, result, rule, sought

CONDITION = rule("long", condition="length(text) > $least")
EXPECTED = expected("expect_column_values_to_not_be_null", "filled", column="text")
SOUGHT = sought("duplicates", texts="SELECT id, text FROM this WHERE id < $last")
VALUES = {"least": 1, "last": "t", "other": 0}


def test_a_condition_is_a_check_with_the_values_it_names() -> None:
    [check] = checks_of((CONDITION, EXPECTED, SOUGHT), VALUES)
    assert (check.name, check.sql, check.values) == ("long", "length(text) > $least", {"least": 1})


def test_the_other_rules_are_a_suite_for_each_that_evaluates_them() -> None:
    expectations, inspections = suites_of((CONDITION, EXPECTED, SOUGHT), VALUES)
    assert expectations == Expectations((EXPECTED,))
    assert inspections == Inspections((SOUGHT,), {"last": "t"})


def test_conditions_alone_need_no_suite() -> None:
    assert suites_of((CONDITION,), VALUES) == ()


def test_a_description_is_no_demand_and_a_severity_is() -> None:
    reworded = EXPECTED.model_copy(update={"description": "Another sentence."})
    milder = EXPECTED.model_copy(update={"severity": "warning"})
    assert Expectations((reworded,)).demands == Expectations((EXPECTED,)).demands
    assert Expectations((milder,)).demands != Expectations((EXPECTED,)).demands


def test_the_values_of_inspections_are_demands() -> None:
    assert Inspections((SOUGHT,), {"last": "a"}).demands != Inspections((SOUGHT,), {"last": "b"}).demands


def test_inspections_are_evaluated_with_their_values(tmp_path: Path) -> None:
    frame = pl.DataFrame({"id": ["a", "b", "z"], "text": ["x", "y", "x"]})
    assert result(tmp_path, frame, SOUGHT, values=VALUES).passed


def test_a_published_version_that_is_lost_keeps_no_new_one_from_being_looked_at() -> None:
    class Lost:
        @property
        def published(self) -> Path:
            raise SgAssetsError("the content is gone")

    lost: Any = Lost()
    assert Inspections((sought("rows_lost", at_most=0.25),), {}).files(lost) == []
