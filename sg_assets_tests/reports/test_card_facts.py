"""What a card tells of the versions behind it."""

from pathlib import Path

from sg_assets.reports.card_facts import ancestry, version_notes
from sg_assets.store.workspace import Workspace
from sg_assets_tests.store.steps import ROWS, new_store, recipe, step, writing
from sg_assets_tests.store.test_marks import accepted


def test_acceptances_of_what_it_was_made_from_are_noted_by_version(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    source = step(store, "raw/t", writing(ROWS)).manifest
    score = step(store, "scores/s[base]", writing(ROWS), ["raw/t"]).manifest
    store.marks.append(source.ref, accepted(source, recipe("new")))
    notes = version_notes(store, ancestry(store, [score]))
    assert list(notes) == [source.version]
    assert notes[source.version].endswith("as made by the code of that day: renamed")


def test_a_table_that_is_not_reproducible_is_noted(tmp_path: Path) -> None:
    store = new_store(tmp_path)

    def work(workspace: Workspace) -> None:
        writing(ROWS)(workspace)
        workspace.details["not_reproducible"] = ["random draws by chance"]

    table = step(store, "raw/t", work).manifest
    score = step(store, "scores/s[base]", writing(ROWS), ["raw/t"]).manifest
    notes = version_notes(store, ancestry(store, [score]))
    assert notes == {table.version: "not reproducible: random draws by chance"}
