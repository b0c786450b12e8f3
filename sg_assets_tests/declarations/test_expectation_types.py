"""The table of expectations agrees with the library that is installed, and each of them runs on DuckDB."""

from pathlib import Path
from typing import Any

import great_expectations.expectations.core  # noqa: F401  (registers them)
import polars as pl
import pytest
from great_expectations.expectations.registry import get_expectation_impl, list_registered_expectation_implementations

from sg_assets.declarations.expectation_types import EXPECTATIONS, NOT_HERE, check_expectation
from sg_assets.errors import SgAssetsError
from sg_assets_tests.quality.tables import expected, result

pytestmark = pytest.mark.slow

OF_ALL = {
    "id", "meta", "notes", "result_format", "description", "catch_exceptions", "rendered_content", "severity",
    "windows", "batch_id", "row_condition", "condition_parser",
}  # fmt: skip
"""Fields of every expectation, which a declaration says otherwise or not at all."""
LEFT_OUT = {"ignore_row_if", "allow_relative_error", "library_metadata"}
"""Arguments that declarations do not offer."""
KWARGS: dict[str, Any] = {
    "column": "number", "column_A": "number", "column_B": "id", "column_list": ["id", "number"], "mostly": 0.5,
    "value_set": [1, 2], "min_value": 0, "max_value": 9, "strict_min": False, "strict_max": False, "value": 1,
    "threshold": 3, "double_sided": True, "sum_total": 3, "or_equal": True, "ties_okay": True,
    "quantile_ranges": {"quantiles": [0.5], "value_ranges": [[0, 9]]},
}  # fmt: skip
FRAME = pl.DataFrame({"id": [1, 2, 3], "number": [1.0, 2.0, 3.0], "text": ["a", "b", "c"]})


def test_every_expectation_of_the_library_may_be_declared_or_says_what_may_instead() -> None:
    known = EXPECTATIONS.keys() | NOT_HERE.keys()
    assert set(list_registered_expectation_implementations()) == known
    assert EXPECTATIONS.keys().isdisjoint(NOT_HERE)


@pytest.mark.parametrize("name", EXPECTATIONS)
def test_its_arguments_are_the_library_s(name: str) -> None:
    fields = {
        field: field_info.required
        for field, field_info in get_expectation_impl(name).__fields__.items()
        if field not in OF_ALL
    }
    declared = {argument: field_info.required for argument, field_info in EXPECTATIONS[name].items()}
    assert declared == {field: required for field, required in fields.items() if field not in LEFT_OUT}


@pytest.mark.parametrize("name", EXPECTATIONS)
def test_it_runs_on_duckdb(name: str, tmp_path: Path) -> None:
    kwargs = {argument: KWARGS[argument] for argument in EXPECTATIONS[name]}
    if "lengths" in name:
        kwargs["column"] = "text"
    if "proportion" in name:
        kwargs["max_value"] = 1
    check_expectation(name, kwargs, "here")
    assert "error" not in result(tmp_path, FRAME, expected(name, **kwargs)).observed


REVERSED = [name for name, arguments in EXPECTATIONS.items() if arguments.keys() >= {"min_value", "max_value"}]


@pytest.mark.parametrize("name", REVERSED)
def test_a_range_that_nothing_fits_is_refused(name: str) -> None:
    kwargs = {"column": "a", "min_value": 1, "max_value": 0}
    arguments = {key: value for key, value in kwargs.items() if key in EXPECTATIONS[name]}
    with pytest.raises(SgAssetsError, match=r"^here: min_value 1 is above max_value 0\."):
        check_expectation(name, arguments, "here")
    check_expectation(name, {**arguments, "min_value": 0}, "here")


@pytest.mark.parametrize(
    ("name", "argument", "value"),
    [
        ("expect_table_row_count_to_be_between", "min_value", -1),
        ("expect_table_row_count_to_be_between", "max_value", -5),
        ("expect_table_row_count_to_be_between", "max_value", 1.5),
        ("expect_table_row_count_to_equal", "value", -1),
        ("expect_column_value_lengths_to_be_between", "min_value", -1),
        ("expect_column_value_lengths_to_equal", "value", -2),
        ("expect_column_unique_value_count_to_be_between", "max_value", -1),
        ("expect_column_proportion_of_unique_values_to_be_between", "min_value", 95),
        ("expect_column_proportion_of_non_null_values_to_be_between", "max_value", -0.1),
        ("expect_column_values_to_not_be_null", "mostly", 99),
    ],
)
def test_a_count_below_zero_and_a_share_above_one_are_refused(name: str, argument: str, value: float) -> None:
    arguments = {key: KWARGS[key] for key, kind in EXPECTATIONS[name].items() if kind.required}
    with pytest.raises(SgAssetsError, match=f"^here: kwarg '{argument}' is {value}. It takes a (count|share)"):
        check_expectation(name, {**arguments, argument: value}, "here")
