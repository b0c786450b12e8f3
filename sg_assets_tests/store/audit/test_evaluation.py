"""A contract is evaluated in full, and its results tell what is wrong without quoting texts."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.store.audit.results import AuditResult
from sg_assets.store.audit.staged_table import Ancestry, StagedTable
from sg_assets.store.columns import Column
from sg_assets.store.contracts import Check, Contract
from sg_assets.store.refs import Ref
from sg_assets.store.step import run_step
from sg_assets_tests.store.audit.audits import FRAME, audited, columned, keyed
from sg_assets_tests.store.steps import ROWS, new_store, recipe, writing


def test_every_demand_has_a_result_whatever_fails() -> None:
    contract = Contract(
        ("text",),
        (Column("id", "BIGINT"),),
        (
            Check("low", "Scores are low.", "score < 1"),
            Check("some", "There are rows.", "count(*) > 0", blocking=False),
        ),
    )
    assert [(result.name, result.passed, result.blocking) for result in audited(FRAME, contract)] == [
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
    assert observed["examples"] == [f"id={index}" for index in range(20)]


def test_missing_and_repeated_keys_are_both_told() -> None:
    observed = keyed(pl.DataFrame({"id": [1, 1, None, None]}), "id").observed
    assert observed == {"rows_without_key": 2, "repeated_keys": 1, "examples": ["id=1"]}


@dataclass(frozen=True)
class Told:
    """A suite that says what it was shown."""

    names: tuple[str, ...] = ("told",)
    demands: Sequence[object] = ()

    def files(self, _: Ancestry) -> list[Path]:
        return []

    def evaluate(self, staged: StagedTable) -> list[AuditResult]:
        rows = staged.connection.execute("SELECT count(*) FROM this").fetchall()[0][0]
        observed = {"rows": rows, "columns": list(staged.columns), "key": list(staged.key)}
        return [AuditResult(name="told", passed=True, blocking=False, description="It was.", observed=observed)]


def test_a_suite_s_results_come_last_and_it_sees_the_table() -> None:
    contract = Contract(("id",), checks=(Check("some", "There are rows.", "count(*) > 0"),), suites=(Told(),))
    results = audited(FRAME, contract)
    assert [result.name for result in results] == ["key", "some", "told"]
    assert results[-1].observed == {"rows": 4, "columns": ["id", "score", "text"], "key": ["id"]}


def test_a_suite_is_part_of_what_is_asked() -> None:
    assert Contract(suites=(Told(),)).digest != Contract().digest
    assert Contract(suites=(Told(demands=(1,)),)).digest != Contract(suites=(Told(),)).digest
    with pytest.raises(SgAssetsError, match="name 'told' is taken"):
        Contract(checks=(Check("told", "It holds.", "true"),), suites=(Told(),))


def test_a_failure_that_does_not_block_is_told_and_published(tmp_path: Path) -> None:
    store, log = new_store(tmp_path), list[str]()
    loose = recipe(contract=Contract(checks=(Check("many", "Rows are many.", "count(*) > 5", blocking=False),)))
    made = run_step(store, Ref.parse("raw/t"), [], loose, writing(ROWS), run_id="1", log=log.append).manifest
    assert store.head(made.ref) == made
    assert log == ["raw/t: published with a warning: many (Rows are many): evaluated 1; failing 1"]
