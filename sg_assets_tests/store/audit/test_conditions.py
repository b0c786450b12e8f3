"""A declared condition is asked of every row, or once of aggregates."""

import re

import pytest

from sg_assets.store.contracts import Check, Contract
from sg_assets_tests.store.audit.audits import FRAME, audited, checked


def test_a_condition_on_columns_is_asked_of_every_row_and_unknown_is_not_true() -> None:
    assert checked("score <= 1").observed == {"evaluated": 4, "failing": 2, "examples": ["id=3", "id=4"]}
    assert checked("score <= 1 OR score IS NULL").observed["failing"] == 1
    assert checked("score <= 2 OR score IS NULL").passed


@pytest.mark.parametrize(
    ("sql", "passed"), [("max(score) < 2", True), ("count(*) > 4", False), ("sum(NULL) > 1", False)]
)
def test_a_condition_on_aggregates_is_asked_once(sql: str, passed: bool) -> None:
    result = checked(sql)
    assert (result.passed, result.observed) == (passed, {"evaluated": 1, "failing": 0 if passed else 1})


@pytest.mark.parametrize("sql", ["id IN (SELECT id FROM raw.source)", "(SELECT count(*) FROM this) = 5"])
def test_a_condition_may_look_at_inputs_and_at_the_table(sql: str) -> None:
    assert not checked(sql).passed
    assert checked(f"NOT ({sql}) OR id = 3").passed


def test_a_condition_may_name_parameters() -> None:
    assert checked("count(*) >= $rows", rows=4, other=[1]).passed
    assert not checked("count(*) >= $rows", rows=5).passed


@pytest.mark.parametrize(
    ("sql", "error"),
    [
        ("scor < 1", 'Binder Error: Referenced column "scor" not found'),
        ("score <", "Parser Error"),
        ("id", "it gives BIGINT, not BOOLEAN"),
        ("count(*) > $rows", r"it names \$rows, which is not a parameter of the step"),
        ("true) AS _holds FROM this); DROP VIEW this; SELECT 1 FROM (SELECT (true", "it is not one expression"),
    ],
)
def test_a_condition_that_is_none_has_not_passed_and_says_why(sql: str, error: str) -> None:
    result = checked(sql)
    assert not result.passed
    assert re.match(error, result.observed["error"])


def test_a_condition_s_own_values_stand_before_the_recipe_s_parameters() -> None:
    check = Check("it", "It holds.", "count(*) = $rows", values={"rows": 4})
    (result,) = audited(FRAME, Contract(checks=(check,)), rows=5)
    assert result.passed
    others = Contract(checks=(Check("it", "It holds.", "count(*) = $rows", values={"rows": 5}),))
    assert others.digest != Contract(checks=(check,)).digest


def test_an_error_about_a_value_does_not_quote_it() -> None:
    assert checked("text::INTEGER > 0").observed == {"error": "ConversionException in the column 'text'"}
    assert checked("error(text)").observed == {"error": "InvalidInputException"}


def test_no_row_fails_where_there_is_none_but_a_table_may_not_be_empty() -> None:
    assert checked("score < 1", FRAME.clear()).passed
    assert not checked("count(*) > 0", FRAME.clear()).passed
    assert not checked("(SELECT count(*) FROM this) > 0", FRAME.clear()).passed
