"""The expectations of Great Expectations that may be declared, with what each takes: known without importing it.

Its import takes seconds, and declarations are read in every process. A test holds this table to the installed release.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sg_assets.errors import SgAssetsError, nearest


@dataclass(frozen=True)
class Argument:
    """What an expectation is given."""

    kind: str
    """One of `KINDS`."""
    required: bool = False


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


KINDS: Final[Mapping[str, Callable[[Any], bool]]] = {
    "a column": lambda value: isinstance(value, str),
    "a list of columns": lambda value: isinstance(value, list) and all(isinstance(name, str) for name in value),
    "a number": _is_number,
    "a count": lambda value: _is_number(value) and isinstance(value, int) and value >= 0,
    "a share (0 to 1)": lambda value: _is_number(value) and 0 <= value <= 1,
    "true or false": lambda value: isinstance(value, bool),
    "a list": lambda value: isinstance(value, list),
    "a mapping": lambda value: isinstance(value, dict),
}
"""What an argument may be, in words, and how that is seen."""

_Arguments = Mapping[str, Argument]
_COLUMN: _Arguments = {"column": Argument("a column", required=True)}
_EACH: _Arguments = {**_COLUMN, "mostly": Argument("a share (0 to 1)")}
_PAIR: _Arguments = {
    "column_A": Argument("a column", required=True),
    "column_B": Argument("a column", required=True),
    "mostly": Argument("a share (0 to 1)"),
}
_SEVERAL: _Arguments = {
    "column_list": Argument("a list of columns", required=True),
    "mostly": Argument("a share (0 to 1)"),
}
_SET: _Arguments = {"value_set": Argument("a list", required=True)}
_STRICT: _Arguments = {"strict_min": Argument("true or false"), "strict_max": Argument("true or false")}
_BETWEEN: _Arguments = {"min_value": Argument("a number"), "max_value": Argument("a number"), **_STRICT}
_COUNT: _Arguments = {"min_value": Argument("a count"), "max_value": Argument("a count"), **_STRICT}
_PROPORTION: _Arguments = {
    "min_value": Argument("a share (0 to 1)"),
    "max_value": Argument("a share (0 to 1)"),
    **_STRICT,
}

EXPECTATIONS: Final[Mapping[str, _Arguments]] = {
    "expect_column_distinct_values_to_be_in_set": {**_COLUMN, **_SET},
    "expect_column_distinct_values_to_contain_set": {**_COLUMN, **_SET},
    "expect_column_distinct_values_to_equal_set": {**_COLUMN, **_SET},
    "expect_column_max_to_be_between": {**_COLUMN, **_BETWEEN},
    "expect_column_mean_to_be_between": {**_COLUMN, **_BETWEEN},
    "expect_column_median_to_be_between": {**_COLUMN, **_BETWEEN},
    "expect_column_min_to_be_between": {**_COLUMN, **_BETWEEN},
    "expect_column_most_common_value_to_be_in_set": {**_COLUMN, **_SET, "ties_okay": Argument("true or false")},
    "expect_column_pair_values_a_to_be_greater_than_b": {**_PAIR, "or_equal": Argument("true or false")},
    "expect_column_pair_values_to_be_equal": _PAIR,
    "expect_column_proportion_of_non_null_values_to_be_between": {**_COLUMN, **_PROPORTION},
    "expect_column_proportion_of_unique_values_to_be_between": {**_COLUMN, **_PROPORTION},
    "expect_column_quantile_values_to_be_between": {
        **_COLUMN, "quantile_ranges": Argument("a mapping", required=True),
    },
    "expect_column_stdev_to_be_between": {**_COLUMN, **_BETWEEN},
    "expect_column_sum_to_be_between": {**_COLUMN, **_BETWEEN},
    "expect_column_unique_value_count_to_be_between": {**_COLUMN, **_COUNT},
    "expect_column_value_lengths_to_be_between": {**_EACH, **_COUNT},
    "expect_column_value_lengths_to_equal": {**_EACH, "value": Argument("a count", required=True)},
    "expect_column_value_z_scores_to_be_less_than": {
        **_EACH,
        "threshold": Argument("a number", required=True),
        "double_sided": Argument("true or false", required=True),
    },
    "expect_column_values_to_be_between": {**_EACH, **_BETWEEN},
    "expect_column_values_to_be_in_set": {**_EACH, **_SET},
    "expect_column_values_to_be_null": _EACH,
    "expect_column_values_to_be_unique": _EACH,
    "expect_column_values_to_not_be_in_set": {**_EACH, **_SET},
    "expect_column_values_to_not_be_null": _EACH,
    "expect_compound_columns_to_be_unique": _SEVERAL,
    "expect_multicolumn_sum_to_equal": {**_SEVERAL, "sum_total": Argument("a number", required=True)},
    "expect_select_column_values_to_be_unique_within_record": _SEVERAL,
    "expect_table_row_count_to_be_between": _COUNT,
    "expect_table_row_count_to_equal": {"value": Argument("a count", required=True)},
}  # fmt: skip
"""By name; each runs on DuckDB."""

_PATTERN = "Write `condition: regexp_matches(column, 'pattern')`"
_COLUMNS = "Columns and their types are checked of every table"
_SORTED = "A table's rows have no order"
_JSON = "Write a condition with DuckDB's json functions"
NOT_HERE: Final[Mapping[str, str]] = {
    **{
        f"expect_column_values_to_{how}match_{pattern}": _PATTERN
        for how in ("", "not_")
        for pattern in ("regex", "regex_list", "like_pattern", "like_pattern_list")
    },
    "expect_column_kl_divergence_to_be_less_than": "Look for label_drift",
    "expect_column_pair_values_to_be_in_set": "Write `condition: (a, b) IN (('x', 'y'))`",
    "expect_column_to_exist": _COLUMNS,
    "expect_column_type_to_be": _COLUMNS,
    "expect_column_values_to_be_dateutil_parseable": "Write `condition: try_cast(column AS TIMESTAMP) IS NOT NULL`",
    "expect_column_values_to_be_decreasing": _SORTED,
    "expect_column_values_to_be_in_type_list": _COLUMNS,
    "expect_column_values_to_be_increasing": _SORTED,
    "expect_column_values_to_be_json_parseable": _JSON,
    "expect_column_values_to_be_of_type": _COLUMNS,
    "expect_column_values_to_match_json_schema": _JSON,
    "expect_column_values_to_match_strftime_format": "Write `condition: try_strptime(column, 'format') IS NOT NULL`",
    "expect_column_values_to_not_be_outliers": "Use expect_column_value_z_scores_to_be_less_than",
    "expect_multicolumn_values_to_be_equal": "Write `condition: a = b AND b = c`",
    "expect_query_results_to_match_comparison": "Write a condition: it may read the table's inputs",
    "expect_table_column_count_to_be_between": _COLUMNS,
    "expect_table_column_count_to_equal": _COLUMNS,
    "expect_table_columns_to_match_ordered_list": _COLUMNS,
    "expect_table_columns_to_match_set": _COLUMNS,
    "expect_table_row_count_to_equal_other_table": "Write a condition: it may read the table's inputs",
    "unexpected_rows_expectation": "Write a condition",
}
"""Expectations that are not to be declared, with what does what they would."""


def check_expectation(name: str, arguments: Mapping[str, Any], where: str) -> None:
    """See that an expectation exists and is given what it takes.

    Raises:
        SgAssetsError: it does not exist or does not run here; an argument is unknown, missing or of another kind, or
            no value can fit.
    """
    known = EXPECTATIONS.get(name)
    if known is None:
        remedy = NOT_HERE.get(name) or nearest(name, EXPECTATIONS)
        raise SgAssetsError(f"unknown expectation '{name}'", where=where, remedy=remedy)
    for argument, value in arguments.items():
        if argument not in known:
            raise SgAssetsError(f"unknown kwarg '{argument}'", where=where, remedy=nearest(argument, known))
        if not KINDS[known[argument].kind](value):
            raise SgAssetsError(f"kwarg '{argument}' is {value!r}", where=where, why=f"it takes {known[argument].kind}")
    missing = [argument for argument, kind in known.items() if kind.required and argument not in arguments]
    if missing:
        raise SgAssetsError(f"is missing the kwarg '{missing[0]}'", where=where, why=f"{name} requires it")
    low, high = arguments.get("min_value"), arguments.get("max_value")
    if low is not None and high is not None and low > high:
        raise SgAssetsError(
            f"min_value {low} is above max_value {high}", where=where, why="no value fits", remedy="Swap them"
        )


def columns_named(name: str, arguments: Mapping[str, Any]) -> list[str]:
    """The columns that an expectation's arguments name."""
    columns: list[str] = []
    for argument, kind in EXPECTATIONS[name].items():
        value = arguments.get(argument)
        if value is not None and kind.kind == "a column":
            columns.append(value)
        elif value is not None and kind.kind == "a list of columns":
            columns += value
    return columns
