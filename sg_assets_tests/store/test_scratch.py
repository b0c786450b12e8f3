"""A store over another one reads what was said of versions beneath it, and says nothing there."""

from pathlib import Path

from sg_assets.store.scratch import ScratchStore
from sg_assets_tests.store.steps import ROWS, new_store, recipe, step, writing
from sg_assets_tests.store.test_marks import accepted


def test_marks_beneath_are_seen_and_none_is_written_there(tmp_path: Path) -> None:
    beneath = new_store(tmp_path)
    table = step(beneath, "raw/t", writing(ROWS)).manifest
    beneath.marks.append(table.ref, accepted(table, recipe("new")))
    scratch = ScratchStore(tmp_path / "scratch", beneath)
    scratch.marks.append(table.ref, accepted(table, recipe("newer")))
    assert len(scratch.acceptances(table)) == 2
    assert len(beneath.acceptances(table)) == 1
