"""The texts that columns of a SELECT can hold, and whether its values are flags."""

import pytest

from sg_assets.declarations.columns import column
from sg_assets.declarations.select_values import ANYTHING, Patterns, select_parts
from sg_assets.declarations.sql import parse_query

TABLES = {
    "a/t": (
        column("label", "VARCHAR", ""),
        column("name", "VARCHAR", ""),
        column("flag", "BOOLEAN", ""),
        column("number", "BIGINT", ""),
    )
}


def of_column(_: str, name: str) -> Patterns:
    return frozenset({"safe", "unsafe"}) if name == "label" else ANYTHING


def texts(select: str, *columns: str) -> list[tuple[set[str], ...]]:
    parts = select_parts(parse_query(select, where="x"), TABLES, columns or ("s",), of_column)
    return [tuple(set(known) for known in part.texts) for part in parts]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("'a'", {"a"}),
        ("'a.b'", {r"a\.b"}),
        ("'a'::VARCHAR", {"a"}),
        ("('a')", {"a"}),
        ("label", {"safe", "unsafe"}),
        ("label || ':' || 'x'", {"safe:x", "unsafe:x"}),
        ("label || ':' || name", {"safe:.+", "unsafe:.+"}),
        ("if(flag, 'a', 'b')", {"a", "b"}),
        ("CASE WHEN flag THEN 'a' WHEN number = 1 THEN label ELSE 'b' END", {"a", "b", "safe", "unsafe"}),
        ("coalesce(label, 'none')", {"safe", "unsafe", "none"}),
        ("NULL", set()),
        ("name", {".+"}),
        ("lower('A')", {".+"}),
        ("upper(label)", {".+"}),
    ],
)
def test_a_column_holds_what_its_expression_gives(value: str, expected: set[str]) -> None:
    assert texts(f"SELECT {value} AS s FROM a.t") == [(expected,)]


@pytest.mark.parametrize(
    "select",
    [
        "WITH c AS (FROM a.t WHERE flag) SELECT label AS s FROM c",
        "WITH c AS (SELECT *, label AS s FROM a.t) FROM c",
        "SELECT x.label AS s FROM (SELECT t.* FROM a.t AS t) AS x JOIN a.t AS y USING (name)",
        "WITH c AS (SELECT 'safe' AS s UNION ALL SELECT 'unsafe' FROM a.t) SELECT s FROM c",
    ],
)
def test_columns_are_followed_through_parts_of_a_select(select: str) -> None:
    assert texts(select) == [({"safe", "unsafe"},)]


def test_each_part_of_a_union_has_its_own() -> None:
    select = "SELECT 'm' AS metric, label AS s FROM a.t UNION ALL SELECT 'n', 'all' FROM a.t"
    assert texts(select, "metric", "s") == [({"m"}, {"safe", "unsafe"}), ({"n"}, {"all"})]


@pytest.mark.parametrize(
    ("select", "expected"),
    [
        ("SELECT label AS s FROM a.t WHERE label = 'safe'", {"safe"}),
        ("SELECT label AS s FROM a.t WHERE flag AND (label = 'safe')", {"safe"}),
        ("SELECT label AS s FROM a.t WHERE label = 'safe' OR flag", {"safe", "unsafe"}),
        ("WITH c AS (SELECT *, label || '!' AS s FROM a.t) SELECT s FROM c WHERE label = 'safe'", {"safe!"}),
        (
            "WITH c AS (SELECT label, label AS s FROM a.t UNION ALL SELECT 'unsafe', 'u' FROM a.t"
            " UNION ALL SELECT label, 'v' FROM a.t WHERE label = 'unsafe') SELECT s FROM c WHERE label = 'safe'",
            {"safe"},
        ),
    ],
)
def test_a_condition_leaves_only_what_goes_with_it(select: str, expected: set[str]) -> None:
    assert texts(select) == [(expected,)]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("flag::DOUBLE", True),
        ("(flag AND NOT number > 1)::DOUBLE", True),
        ("(label = 'safe')::INT", True),
        ("if(flag, 1, 0)", True),
        ("CASE WHEN flag THEN 1.0 ELSE 0 END::DOUBLE", False),
        ("number::DOUBLE", False),
        ("number", False),
        ("if(flag, 5, 0)", False),
        ("length(label)::DOUBLE", False),
    ],
)
def test_a_condition_as_a_number_is_a_flag(value: str, expected: bool) -> None:
    for select in (f"SELECT {value} AS v FROM a.t", f"WITH c AS (FROM a.t) SELECT {value} AS v FROM c"):
        (part,) = select_parts(parse_query(select, where="x"), TABLES, (), of_column, "v")
        assert part.holds_flags is expected
