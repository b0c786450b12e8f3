"""A contract is evaluated in full, and its results tell what is wrong without quoting texts."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.store.audit.evaluation import audit
from sg_assets.store.audit.results import AuditResult
from sg_assets.store.audit.staged_table import StagedTable
from sg_assets.store.columns import Column
from sg_assets.store.contracts import Check, Contract
from sg_assets.store.engine import connect
from sg_assets.store.fingerprints import scan_table
from sg_assets.store.quarantine import QuarantinedError
from sg_assets.store.refs import Ref
from sg_assets.store.step import run_step
from sg_assets_tests.store.steps import ROWS, at_most, new_store, recipe, refusing, step, writing

FRAME = pl.DataFrame({"id": [1, 2, 3, 4], "score": [0.1, 0.2, 1.5, None], "text": ["a", "b", "secret", "d"]})


def audited(frame: pl.DataFrame, contract: Contract, **parameters: Any) -> tuple[AuditResult, ...]:
    with connect() as connection:
        connection.register("frame", frame)
        connection.execute("CREATE SCHEMA raw; CREATE VIEW raw.source AS SELECT 3 AS id")
        return audit(connection, "frame", scan_table(connection, "frame", contract.key), contract, parameters)


def checked(sql: str, frame: pl.DataFrame = FRAME, **parameters: Any) -> AuditResult:
    (*_, result) = audited(frame, Contract(("id",), checks=(Check("it", "It holds.", sql),)), **parameters)
    return result


def columned(*columns: tuple[str, str]) -> AuditResult:
    (result,) = audited(FRAME, Contract(columns=tuple(Column(*one) for one in columns)))
    return result


def keyed(frame: pl.DataFrame, *key: str) -> AuditResult:
    (result,) = audited(frame, Contract(key))
    return result


def test_every_demand_has_a_result_whatever_fails() -> None:
    contract = Contract(
        ("text",),
        (Column("id", "BIGINT"),),
        (
            Check("low", "Scores are low.", "score < 1"),
            Check("some", "There are rows.", "count(*) > 0", blocking=False),
        ),
    )
    assert [(one.name, one.passed, one.blocking) for one in audited(FRAME, contract)] == [
        ("columns", False, True), ("key", True, True), ("low", False, True), ("some", True, False),
    ]  # fmt: skip


def test_declared_columns_in_any_order_and_by_any_name_of_the_type_pass() -> None:
    assert columned(("text", "TEXT"), ("score", "DOUBLE"), ("id", "INT8")).passed


def test_columns_that_differ_are_named_by_how() -> None:
    result = columned(("id", "INTEGER"), ("score", "DOUBLE"), ("label", "VARCHAR"))
    assert not result.passed
    assert result.observed == {"missing": ["label"], "extra": ["text"], "other_type": ["id is BIGINT, not INTEGER"]}


def test_a_type_that_does_not_exist_is_no_column_s_type() -> None:
    result = columned(("id", "NUMBER; DROP"), ("score", "DOUBLE"), ("text", "VARCHAR"))
    assert result.observed == {"other_type": ["id is BIGINT, not NUMBER; DROP"]}


def test_a_key_of_several_columns_passes_though_each_repeats() -> None:
    assert keyed(pl.DataFrame({"a": [1, 1, 2], "b": [1, 2, 1]}), "a", "b").passed


def test_a_key_column_that_is_not_there_is_named() -> None:
    assert keyed(FRAME, "id", "nr").observed == {"missing": ["nr"]}


def test_rows_without_a_key_are_counted() -> None:
    frame = pl.DataFrame({"a": [1, None, None, 4], "b": [1, 1, 1, None]})
    assert keyed(frame, "a", "b").observed == {"rows_without_key": 3}


def test_repeated_keys_are_counted_and_the_first_twenty_shown() -> None:
    observed = keyed(pl.DataFrame({"id": [*range(50), *range(30)]}), "id").observed
    assert observed["repeated_keys"] == 30
    assert observed["examples"] == [f"id={place}" for place in range(20)]


def test_missing_and_repeated_keys_are_both_told() -> None:
    observed = keyed(pl.DataFrame({"id": [1, 1, None, None]}), "id").observed
    assert observed == {"rows_without_key": 2, "repeated_keys": 1, "examples": ["id=1"]}


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
    ("sql", "told"),
    [
        ("scor < 1", 'Binder Error: Referenced column "scor" not found'),
        ("score <", "Parser Error"),
        ("id", "it gives BIGINT, not BOOLEAN"),
        ("count(*) > $rows", r"it names \$rows, which is no parameter of the step"),
        ("true) AS _holds FROM this); DROP VIEW this; SELECT 1 FROM (SELECT (true", "it is not one expression"),
    ],
)
def test_a_condition_that_is_none_has_not_passed_and_says_why(sql: str, told: str) -> None:
    result = checked(sql)
    assert not result.passed
    assert re.match(told, result.observed["error"])


def test_a_condition_s_own_values_stand_before_the_recipe_s_parameters() -> None:
    check = Check("it", "It holds.", "count(*) = $rows", values={"rows": 4})
    (result,) = audited(FRAME, Contract(checks=(check,)), rows=5)
    assert result.passed
    others = Contract(checks=(Check("it", "It holds.", "count(*) = $rows", values={"rows": 5}),))
    assert others.digest != Contract(checks=(check,)).digest


@dataclass(frozen=True)
class Told:
    """A suite that says what it was shown."""

    names: tuple[str, ...] = ("told",)
    demands: Sequence[object] = ()

    def evaluate(self, staged: StagedTable) -> list[AuditResult]:
        rows = staged.connection.execute("SELECT count(*) FROM this").fetchall()[0][0]
        observed = {"rows": rows, "columns": list(staged.columns), "key": list(staged.key)}
        return [AuditResult(name="told", passed=True, blocking=False, description="It was.", observed=observed)]


def test_a_suite_s_results_come_last_and_it_sees_the_table() -> None:
    contract = Contract(("id",), checks=(Check("some", "There are rows.", "count(*) > 0"),), suites=(Told(),))
    results = audited(FRAME, contract)
    assert [one.name for one in results] == ["key", "some", "told"]
    assert results[-1].observed == {"rows": 4, "columns": ["id", "score", "text"], "key": ["id"]}


def test_a_suite_is_part_of_what_is_asked() -> None:
    assert Contract(suites=(Told(),)).digest != Contract().digest
    assert Contract(suites=(Told(demands=(1,)),)).digest != Contract(suites=(Told(),)).digest
    with pytest.raises(SgAssetsError, match="name 'told' is taken"):
        Contract(checks=(Check("told", "It holds.", "true"),), suites=(Told(),))


def test_an_error_about_a_value_does_not_quote_it() -> None:
    assert checked("text::INTEGER > 0").observed == {"error": "ConversionException in the column 'text'"}
    assert checked("error(text)").observed == {"error": "InvalidInputException"}


def test_no_row_fails_where_there_is_none_but_a_table_may_not_be_empty() -> None:
    assert checked("score < 1", FRAME.clear()).passed
    assert not checked("count(*) > 0", FRAME.clear()).passed
    assert not checked("(SELECT count(*) FROM this) > 0", FRAME.clear()).passed


@pytest.mark.parametrize("names", [("key",), ("columns",), ("a", "a")])
def test_a_name_that_would_not_identify_a_result_is_refused(names: tuple[str, ...]) -> None:
    with pytest.raises(SgAssetsError, match=f"name '{names[0]}' is taken"):
        Contract(checks=tuple(Check(name, "It holds.", "true") for name in names))


def test_results_and_described_columns_are_part_of_the_record(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    contract = Contract(
        ("id",),
        (Column("id", "BIGINT", "Counts."), Column("text", "VARCHAR")),
        (Check("filled", "Texts are there.", "text IS NOT NULL", blocking=False),),
    )
    made = step(store, "raw/t", writing(ROWS), made_by=recipe(contract=contract)).manifest
    assert store.head(made.ref) == made
    assert [(one.name, one.passed) for one in made.audit] == [("columns", True), ("key", True), ("filled", False)]
    assert [one.description for one in made.columns] == ["Counts.", ""]


def test_another_contract_is_asked_of_the_content_there_is(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    step(store, "raw/t", writing(ROWS))
    contract = Contract(("id",), checks=(Check("some", "There are rows.", "count(*) = 3"),))
    again = step(store, "raw/t", refusing, made_by=recipe(contract=contract), run_id="2").manifest
    assert [one.name for one in again.audit] == ["key", "some"]
    assert store.head(again.ref) == again
    assert step(store, "raw/t", refusing, made_by=recipe(contract=contract), run_id="3").manifest == again


def test_content_that_fails_a_new_contract_is_not_made_current(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    old = step(store, "raw/t", writing(ROWS)).manifest
    with pytest.raises(QuarantinedError, match=r"few \(There are at most 2 rows\): evaluated 1; failing 1"):
        step(store, "raw/t", refusing, made_by=at_most(2), run_id="2")
    assert store.versions(old.ref) == [old]


def test_a_failure_that_does_not_block_is_told_and_published(tmp_path: Path) -> None:
    store, log = new_store(tmp_path), list[str]()
    loose = recipe(contract=Contract(checks=(Check("many", "Rows are many.", "count(*) > 5", blocking=False),)))
    made = run_step(store, Ref.parse("raw/t"), [], loose, writing(ROWS), run_id="1", log=log.append).manifest
    assert store.head(made.ref) == made
    assert log == ["raw/t: published with a warning: many (Rows are many): evaluated 1; failing 1"]


def test_a_folder_has_no_contract(tmp_path: Path) -> None:
    with pytest.raises(SgAssetsError, match="its contract is a table's, but the work gave a folder"):
        step(new_store(tmp_path), "models/m", lambda workspace: workspace.result_folder.mkdir())
