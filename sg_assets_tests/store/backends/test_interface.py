"""Nothing half-written under a final name, nothing written twice; heads go forward whatever the clock does."""

import time
from pathlib import Path

import polars as pl
import pytest

from sg_assets.store.backends.interface import PutResult
from sg_assets.store.store import Store
from sg_assets_tests.store.backends.staged import names, staged
from sg_assets_tests.store.steps import ROWS, new_store, step, writing


def test_a_record_is_never_overwritten(store: Store) -> None:
    store.files.write_new("a/x.json", "first")
    with pytest.raises(FileExistsError):
        store.files.write_new("a/x.json", "second")
    assert store.files.read("a/x.json") == b"first"


def test_a_record_leaves_nothing_in_staging(store: Store) -> None:
    with pytest.raises(FileExistsError):
        store.files.write_new("store.json", "second")
    assert list(store.staging.glob("*")) == []


def test_a_record_that_is_not_there_is_missing(store: Store) -> None:
    with pytest.raises(FileNotFoundError):
        store.files.read("a/x.json")
    assert store.files.glob("a/*.json") == []
    store.files.remove("a/x.json")


@pytest.mark.parametrize("folder", [False, True])
def test_equal_content_in_place_stays_and_nothing_stays_staged(store: Store, folder: bool) -> None:
    assert store.files.put(staged(store, "first", folder=folder), "objects/a/b/x") is PutResult.NEW
    assert store.files.put(staged(store, "first", folder=folder), "objects/a/b/x") is PutResult.SAME
    path = store.files.local("objects/a/b/x")
    assert (path / "file" if folder else path).read_text() == "first"
    assert store.files.holds("objects/a/b/x", names(folder))
    assert store.files.glob("objects/*/*/*") == ["objects/a/b/x"]
    assert list(store.staging.iterdir()) == []


@pytest.mark.parametrize("folder", [False, True])
def test_content_with_other_bytes_is_not_adopted_and_stays_staged(store: Store, folder: bool) -> None:
    store.files.put(staged(store, "first", folder=folder), "objects/a/b/x")
    new = staged(store, "other", folder=folder)
    assert store.files.put(new, "objects/a/b/x") is PutResult.OTHER
    path = store.files.local("objects/a/b/x")
    assert (path / "file" if folder else path).read_text() == "first"
    assert new.exists()


@pytest.mark.parametrize("folder", [False, True])
def test_content_that_is_set_aside_frees_its_name(store: Store, folder: bool) -> None:
    store.files.put(staged(store, "first", folder=folder), "objects/a/b/x")
    aside = store.files.set_aside("objects/a/b/x")
    assert aside is not None
    assert aside.startswith("damaged/objects/a/b/x/")
    path = store.files.stored(aside, store.staging / "fetched")
    assert (path / "file" if folder else path).read_text() == "first"
    assert store.files.put(staged(store, "second", folder=folder), "objects/a/b/x") is PutResult.NEW
    path = store.files.local("objects/a/b/x")
    assert (path / "file" if folder else path).read_text() == "second"
    assert store.files.set_aside("objects/a/b/y") is None


@pytest.mark.parametrize("folder", [False, True])
def test_content_nobody_found_again_is_discarded(store: Store, folder: bool) -> None:
    store.files.put(staged(store, "first", folder=folder), "objects/a/b/x")
    assert store.files.discard("objects/a/b/x", store.files.stat("objects/a/b/x").changed)
    assert not store.files.holds("objects/a/b/x", names(folder))
    assert not store.files.discard("objects/a/b/x", 0)
    assert list(store.staging.iterdir()) == []


@pytest.mark.parametrize("folder", [False, True])
def test_content_a_writer_found_again_stays(store: Store, folder: bool) -> None:
    store.files.put(staged(store, "first", folder=folder), "objects/a/b/x")
    looked = store.files.stat("objects/a/b/x").changed
    time.sleep(0.02)
    store.files.put(staged(store, "first", folder=folder), "objects/a/b/x")
    assert not store.files.discard("objects/a/b/x", looked)
    assert store.files.stat("objects/a/b/x").bytes == 5
    assert list(store.staging.iterdir()) == []


def test_a_root_with_quotes_and_spaces_holds_sql_tables(tmp_path: Path) -> None:
    store = new_store(tmp_path / 'it\'s a "root"')
    step(store, "raw/t", writing(ROWS))
    made = step(store, "raw/u", lambda work: work.write_query("SELECT id FROM raw.t", {}), ["raw/t"]).manifest
    assert sorted(pl.read_parquet(store.path(made))["id"]) == [1, 2, 3]


def test_the_identity_is_replaced_whole_and_nothing_stays_staged(store: Store) -> None:
    store.files.replace("store.json", "second")
    assert store.files.read("store.json") == b"second"
    assert list(store.staging.glob("*")) == []
