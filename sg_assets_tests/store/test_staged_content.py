"""Staged content is audited for its contract, and again for another one."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.store.audit.results import AuditResult
from sg_assets.store.audit.staged_table import Ancestry, StagedTable
from sg_assets.store.columns import Column
from sg_assets.store.contracts import Check, Contract
from sg_assets.store.quarantine import QuarantinedError
from sg_assets.store.store import Store
from sg_assets_tests.store.steps import ROWS, at_most, new_store, recipe, refusing, step, writing


def test_results_and_described_columns_are_part_of_the_record(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    contract = Contract(
        ("id",),
        (Column("id", "BIGINT", "Counts."), Column("text", "VARCHAR")),
        (Check("filled", "Texts are there.", "text IS NOT NULL", blocking=False),),
    )
    made = step(store, "raw/t", writing(ROWS), made_by=recipe(contract=contract)).manifest
    assert store.head(made.ref) == made
    assert [(result.name, result.passed) for result in made.audit] == [
        ("columns", True),
        ("key", True),
        ("filled", False),
    ]
    assert [result.description for result in made.columns] == ["Counts.", ""]


def test_another_contract_is_asked_of_the_content_there_is(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    step(store, "raw/t", writing(ROWS))
    contract = Contract(("id",), checks=(Check("some", "There are rows.", "count(*) = 3"),))
    again = step(store, "raw/t", refusing, made_by=recipe(contract=contract), run_id="2").manifest
    assert [result.name for result in again.audit] == ["key", "some"]
    assert store.head(again.ref) == again
    assert step(store, "raw/t", refusing, made_by=recipe(contract=contract), run_id="3").manifest == again


def test_content_that_fails_a_new_contract_is_not_made_current(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    old = step(store, "raw/t", writing(ROWS)).manifest
    with pytest.raises(QuarantinedError, match=r"few \(There are at most 2 rows\): evaluated 1; failing 1"):
        step(store, "raw/t", refusing, made_by=at_most(2), run_id="2")
    assert store.versions(old.ref) == [old]


def test_a_folder_has_no_contract(tmp_path: Path) -> None:
    with pytest.raises(SgAssetsError, match="its contract is for a table, but the work made a folder"):
        step(new_store(tmp_path), "models/m", lambda workspace: workspace.result_folder.mkdir())


@dataclass(frozen=True)
class Slow:
    """Takes its time."""

    names: tuple[str, ...] = ()
    demands: Sequence[object] = ()

    def files(self, _: Ancestry) -> list[Path]:
        return []

    def evaluate(self, _: StagedTable) -> list[AuditResult]:
        time.sleep(0.05)
        return []


def test_a_version_tells_how_long_its_checks_took(store: Store) -> None:
    asked = recipe(contract=Contract(("id",), suites=(Slow(),)))
    made = step(store, "raw/last", writing(ROWS), made_by=asked).manifest
    assert made.checks_seconds is not None
    assert 0.05 <= made.checks_seconds <= made.seconds


def test_a_version_confirmed_without_checks_tells_none(store: Store) -> None:
    step(store, "raw/first", writing(ROWS))
    step(store, "raw/last", writing(ROWS), ["raw/first"])
    step(store, "raw/first", writing(ROWS), made_by=recipe(seed=2), run_id="2")
    confirmed = step(store, "raw/last", writing(ROWS), ["raw/first"], "2")
    assert (confirmed.reused, confirmed.manifest.checks_seconds) == (True, None)
