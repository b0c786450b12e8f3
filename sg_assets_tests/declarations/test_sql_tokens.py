"""What would exhaust a parser is refused by its tokens, and what is no single SELECT."""

import time

import pytest

from sg_assets.declarations.sql import parse_query
from sg_assets.declarations.sql_text import SqlText
from sg_assets.declarations.sql_tokens import tokens_of
from sg_assets.errors import SgAssetsError

FILE = "sql/templated/extra.sql"
MONSTERS = {
    "ors": "SELECT 1 AS a WHERE " + " OR ".join(f"1={number}" for number in range(20_000)),
    "parentheses": f"SELECT {'(' * 5_000}1{')' * 5_000} AS a",
    "unclosed parentheses": f"SELECT {'(' * 5_000}",
    "brackets": f"SELECT {'[' * 5_000}1{']' * 5_000} AS a",
    "structs": f"SELECT {'{a:' * 2_000}1{'}' * 2_000} AS a",
    "calls": f"SELECT {'abs(' * 2_000}1{')' * 2_000} AS a",
    "cases": f"SELECT {'CASE WHEN true THEN ' * 900}1{' END' * 900} AS a",
    "subqueries": f"SELECT * FROM {'(SELECT * FROM ' * 900}raw.t{')' * 900}",
    "common tables in each other": f"{'WITH a AS (' * 900}SELECT 1 AS a{') FROM a' * 900}",
    "negations": f"SELECT {'NOT ' * 5_000}true AS a",
    "signs": f"SELECT {'- ' * 5_000}1 AS a",
    "casts": f"SELECT 1{'::INT' * 5_000} AS a",
    "subscripts": f"SELECT x{'[1]' * 500} AS a FROM raw.t",
    "fields": f"SELECT x{'.y' * 5_000} AS a FROM raw.t",
    "digits": f"SELECT {'1' * 6_000} AS a",
    "digits behind the point": f"SELECT 0.{'1' * 6_000} AS a",
    "unions": " UNION ALL ".join(["SELECT 1 AS a"] * 5_000),
    "tables": f"SELECT 1 AS a FROM raw.t{''.join(f', raw.t AS t{number}' for number in range(9_000))}",
    "common tables that use each other twice": "WITH c0 AS (SELECT 1 AS a)"
    + "".join(f", c{n} AS (FROM c{n - 1} UNION ALL FROM c{n - 1})" for n in range(1, 40))
    + " FROM c39",
    "letters": f"SELECT '{'x' * 1_000_000}' AS a",
    "a quote without an end": "SELECT 'abc AS a",
    "a comment without an end": "SELECT 1 AS a /* b",
}


@pytest.mark.slow
@pytest.mark.parametrize("case", MONSTERS)
def test_monstrous_sql_is_refused_within_seconds(case: str) -> None:
    started = time.process_time()
    with pytest.raises(SgAssetsError, match=FILE.replace(".", r"\.")):
        parse_query(MONSTERS[case], where=FILE)
    assert time.process_time() - started < 5


@pytest.mark.parametrize("depth", range(0, 28, 3))
def test_what_people_write_is_not_too_deep(depth: int) -> None:
    assert parse_query(f"SELECT {'(' * depth}1{')' * depth} AS a", where=FILE).tables == ()


NO_SELECTS = [
    "", " ", "-- nothing", ";", "SELECT 1 AS a; SELECT 2 AS a", "SELECT 1 AS a;;", "SELECT 1 AS a; DROP TABLE x",
    "ATTACH 'x.db'", "CALL pragma_version()", "CHECKPOINT", "COPY raw.t TO 'x.csv'", "CREATE TABLE x AS SELECT 1",
    "CREATE MACRO f(x) AS x", "DELETE FROM raw.t", "DESCRIBE raw.t", "DETACH x", "DROP TABLE raw.t", "EXPLAIN SELECT 1",
    "EXPORT DATABASE 'x'", "IMPORT DATABASE 'x'", "INSERT INTO raw.t SELECT 1", "INSTALL httpfs", "LOAD httpfs",
    "PIVOT raw.t ON x USING count(*)", "PRAGMA version", "PREPARE x AS SELECT 1", "RESET threads", "SET threads = 1",
    "SHOW TABLES", "SUMMARIZE raw.t", "TRUNCATE raw.t", "UPDATE raw.t SET a = 1", "USE x", "VACUUM", "BEGIN",
    "WITH x AS (SELECT 1 AS a) INSERT INTO raw.t FROM x", "WITH x AS (DELETE FROM raw.t RETURNING a) FROM x",
    "SELECT 1 AS a INTO x", "FROM (DESCRIBE raw.t)", "FROM (SUMMARIZE raw.t)",
]  # fmt: skip


@pytest.mark.parametrize("text", NO_SELECTS)
def test_what_is_no_single_select_is_refused_by_file(text: str) -> None:
    with pytest.raises(SgAssetsError, match=FILE.replace(".", r"\.")):
        parse_query(text, where=FILE)


def test_a_second_statement_is_refused_by_its_line() -> None:
    with pytest.raises(SgAssetsError, match=r"extra\.sql, line 3, column 1: does not hold exactly one SELECT"):
        parse_query("SELECT 1 AS a\n;\nDROP TABLE x", where=FILE)


def test_what_follows_a_semicolon_is_no_part_of_the_select() -> None:
    assert parse_query("SELECT 1 AS a; -- done\n", where=FILE).text == "SELECT 1 AS a"


def test_tokens_stand_in_their_brackets() -> None:
    tokens = tokens_of(SqlText("SELECT f(a, (b)), c", FILE))
    opening = next(index for index in range(len(tokens)) if tokens.opens(index))
    assert [tokens.word(index) for index in tokens.within(opening)] == ["a", ",", "("]
    assert [tokens.word(index) for index in tokens.within(-1)] == ["select", "f", "(", ",", "c"]
    assert tokens.word(tokens.end_of(opening) + 1) == ","
    assert tokens.bracket_of(opening + 1) == opening
