"""Versions, heads, and what a run saw of them."""

from pathlib import Path

import pytest

from sg_assets.errors import DamagedStoreError, NotPublishedError, UnknownVersionError
from sg_assets.store.manifests import Manifest
from sg_assets.store.refs import Ref
from sg_assets.store.store import Store
from sg_assets_tests.store.steps import ROWS, new_store, recipe, step, writing

T = Ref.parse("raw/t")


def table(store: Store, rows: int, run_id: str = "run") -> Manifest:
    return step(store, "raw/t", writing(ROWS.head(rows)), made_by=recipe(n=rows), run_id=run_id).manifest


def test_without_a_version_there_is_no_head(store: Store) -> None:
    assert store.head(T) is None
    with pytest.raises(NotPublishedError, match="raw/t has no version yet"):
        store.required_head(T)


def test_versions_come_oldest_first_and_the_last_is_current(store: Store) -> None:
    first, second = table(store, 1, "1"), table(store, 2, "2")
    assert store.versions(T) == [first, second]
    assert store.required_head(T) == second
    assert store.refs() == [T]


def test_a_version_is_known_by_its_id_alone(store: Store) -> None:
    version = table(store, 1)
    assert store.find(version.version) == version
    assert store.is_recorded(version)


@pytest.mark.parametrize("name", ["nothing", "*", "0" * 26 + "-00000000"])
def test_an_id_that_no_version_has_is_an_error(store: Store, name: str) -> None:
    table(store, 1)
    with pytest.raises(UnknownVersionError, match="unknown version"):
        store.find(name)
    with pytest.raises(UnknownVersionError, match="raw/t has no version"):
        store.manifest(T, name)


def test_the_record_of_another_version_under_a_version_s_name_is_not_read(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    first, second = table(store, 1, "1"), table(store, 2, "2")
    folder = store.home / "manifests" / T.folder
    (folder / f"{second.version}.json").write_bytes((folder / f"{first.version}.json").read_bytes())
    store.forget_manifests()
    with pytest.raises(DamagedStoreError, match="It is the record of another version"):
        store.head(T)
    assert store.versions(T) == [first]


def test_the_first_version_a_run_saw_stays_its_version(store: Store) -> None:
    first = table(store, 1, "run")
    second = table(store, 2, "other")
    store.set_head(second, "publish", run_id="run")
    assert store.seen_by_run(T, "run") == first
    assert store.seen_by_run(T, "other") == second
    assert store.seen_by_run(T, "third") is None


def test_making_the_current_version_current_adds_no_entry(store: Store) -> None:
    first, second = table(store, 1, "1"), table(store, 2, "2")
    assert store.set_head(second, "revert") is None
    entry = store.set_head(first, "revert", note="a mistake")
    assert entry is not None
    assert (entry.replaces, entry.note) == (second.version, "a mistake")


def test_a_version_with_another_input_than_the_current_says_so(store: Store) -> None:
    table(store, 1, "1")
    made = step(store, "raw/u", writing(ROWS), ["raw/t"], run_id="1").manifest
    table(store, 2, "2")
    other = step(store, "raw/u", writing(ROWS.head(1)), ["raw/t"], run_id="3", made_by=recipe(n=1)).manifest
    assert store.required_head(Ref.parse("raw/u")) == other
    entry = store.set_head(made, "revert")
    assert entry is not None
    assert [pin.ref for pin in entry.stale_inputs] == [T]


def test_a_version_without_its_content_is_not_recorded(store: Store) -> None:
    version = table(store, 1).model_copy(update={"object": "objects/raw/t/none.parquet"})
    with pytest.raises(AssertionError, match="content of raw/t is missing"):
        store.record(version)


def test_a_text_of_code_is_kept_once(store: Store) -> None:
    for _ in range(2):
        store.keep_code({"abc": "SELECT 1"})
    assert store.files.read("code/abc.txt") == b"SELECT 1"
