"""What a materialization shows."""

from pathlib import Path

from sg_assets.machine import this_machine
from sg_assets.orchestration.metadata import describe
from sg_assets.store.workspace import Workspace
from sg_assets_tests.store.steps import ROWS, new_store, step, writing


def test_how_long_checks_took_is_shown_beside_how_long_all_took(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    outcome = step(store, "raw/table", writing(ROWS))
    shown = describe(outcome, store, ())
    assert shown["checks_seconds"].value == outcome.manifest.checks_seconds
    assert shown["seconds"].value == round(outcome.manifest.seconds, 3)


def test_who_made_a_version_is_shown(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    outcome = step(store, "raw/table", writing(ROWS))
    assert describe(outcome, store, ())["made_by"].value == str(outcome.manifest.made_by)


def test_where_numbers_were_computed_is_shown_and_where_none_were_nothing(tmp_path: Path) -> None:
    store, machine = new_store(tmp_path), this_machine()

    def numeric(workspace: Workspace) -> None:
        writing(ROWS)(workspace)
        workspace.ran_on([machine])

    assert machine.kind.instruction_set in str(describe(step(store, "raw/scored", numeric), store, ())["machine"].value)
    assert "machine" not in describe(step(store, "raw/table", writing(ROWS)), store, ())


def test_a_table_that_is_not_reproducible_says_why(tmp_path: Path) -> None:
    store = new_store(tmp_path)

    def work(workspace: Workspace) -> None:
        writing(ROWS)(workspace)
        workspace.details["not_reproducible"] = ["now reads the clock"]

    shown = describe(step(store, "raw/table", work), store, ())
    assert shown["reproducible"].value == "not reproducible: now reads the clock"
    assert "reproducible" not in describe(step(store, "raw/other", writing(ROWS)), store, ())
