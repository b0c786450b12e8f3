"""A step that has nothing to do still pins what is current, so that pins go on agreeing."""

from pathlib import Path

import pytest

from sg_assets.store.fingerprints import file_sha256
from sg_assets.store.refs import Ref
from sg_assets.store.step import Outcome, Workspace
from sg_assets.store.store import Store
from sg_assets_tests.store.steps import ROWS, new_store, recipe, refusing, step, writing


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A source, a table made from it, and a view of the table."""
    store = new_store(tmp_path)
    step(store, "raw/source", writing(ROWS), run_id="1")
    step(store, "raw/table", writing(ROWS), ["raw/source"], run_id="1")
    step(store, "raw/view", writing(ROWS), ["raw/table"], run_id="1")
    return store


def confirm(store: Store, run_id: str = "3") -> Outcome:
    """Of ``raw/view``, whose input has another version of equal content."""
    step(store, "raw/table", writing(ROWS), ["raw/source"], made_by=recipe(seed=2), run_id=run_id)
    return step(store, "raw/view", refusing, ["raw/table"], run_id=run_id)


def test_what_lies_between_does_not_stop_who_reads_both_ends(store: Store) -> None:
    step(store, "raw/source", writing(ROWS.head(1)), made_by=recipe(seed=3), run_id="3")
    step(store, "raw/table", writing(ROWS), ["raw/source"], run_id="3")
    step(store, "raw/view", refusing, ["raw/table"], run_id="3")
    made = step(store, "raw/ends", writing(ROWS), ["raw/source", "raw/view"], run_id="3")
    assert not made.reused


def test_a_confirmed_version_is_current_and_pins_what_is_current(store: Store) -> None:
    outcome = confirm(store)
    assert outcome.reused
    assert outcome.manifest.inputs == (store.required_head(Ref.parse("raw/table")).pin(),)
    assert store.head(Ref.parse("raw/view")) == outcome.manifest


def test_a_confirmed_version_has_the_same_content(store: Store) -> None:
    before = store.required_head(Ref.parse("raw/view"))
    after = confirm(store).manifest
    assert (after.fingerprint, after.object, after.recipe) == (before.fingerprint, before.object, before.recipe)


def test_what_was_recorded_first_stays(store: Store) -> None:
    before = store.required_head(Ref.parse("raw/view"))
    confirm(store)
    assert before in store.versions(Ref.parse("raw/view"))


def test_a_second_look_makes_no_further_record(store: Store) -> None:
    first = confirm(store).manifest
    assert step(store, "raw/view", refusing, ["raw/table"], run_id="4").manifest == first
    assert len(store.versions(Ref.parse("raw/view"))) == 2


def test_a_manifest_tells_the_bytes_that_are_in_place(tmp_path: Path) -> None:
    """Equal rows in another file: the first file stays, so its digest is the one to keep."""

    def loosely(workspace: Workspace) -> None:
        ROWS.reverse().write_parquet(workspace.table_file, compression="uncompressed")

    store = new_store(tmp_path)
    step(store, "raw/t", writing(ROWS))
    second = step(store, "raw/t", loosely, made_by=recipe(seed=1), run_id="2").manifest
    assert second.files == {".": file_sha256(store.path(second))}
    assert second.bytes == store.path(second).stat().st_size
