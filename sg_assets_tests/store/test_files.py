"""Nothing half-written under a final name, nothing written twice; heads go forward whatever the clock does."""

import os
from pathlib import Path

import polars as pl
import pytest

from sg_assets.store.files import LocalFiles
from sg_assets.store.refs import Ref
from sg_assets_tests.store.steps import ROWS, new_store, recipe, step, writing


@pytest.fixture
def files(tmp_path: Path) -> LocalFiles:
    (tmp_path / "staging").mkdir()
    return LocalFiles(tmp_path / "root", tmp_path / "staging")


def staged(tmp_path: Path, text: str, *, folder: bool) -> Path:
    path = tmp_path / "staging" / "new"
    if folder:
        path.mkdir()
    (path / "file" if folder else path).write_text(text)
    return path


def test_a_record_is_never_overwritten(files: LocalFiles) -> None:
    files.write_new("a/x.json", "first")
    with pytest.raises(FileExistsError):
        files.write_new("a/x.json", "second")
    assert files.read("a/x.json") == b"first"


def test_a_record_leaves_nothing_in_staging(files: LocalFiles, tmp_path: Path) -> None:
    files.write_new("x.json", "first")
    with pytest.raises(FileExistsError):
        files.write_new("x.json", "second")
    assert list((tmp_path / "staging").iterdir()) == []


@pytest.mark.parametrize("folder", [False, True])
def test_content_in_place_stays_and_nothing_stays_staged(files: LocalFiles, tmp_path: Path, folder: bool) -> None:
    assert files.put(staged(tmp_path, "first", folder=folder), "objects/x")
    assert not files.put(staged(tmp_path, "second", folder=folder), "objects/x")
    path = files.local("objects/x")
    assert (path / "file" if folder else path).read_text() == "first"
    assert list((tmp_path / "staging").iterdir()) == []


@pytest.mark.parametrize("folder", [False, True])
def test_content_nobody_found_again_is_discarded(files: LocalFiles, tmp_path: Path, folder: bool) -> None:
    files.put(staged(tmp_path, "first", folder=folder), "objects/x")
    assert files.discard("objects/x", files.look("objects/x").changed)
    assert not files.holds("objects/x", ["."])
    assert not files.discard("objects/x", 0)
    assert list((tmp_path / "staging").iterdir()) == []


@pytest.mark.parametrize("folder", [False, True])
def test_content_a_writer_found_again_stays(files: LocalFiles, tmp_path: Path, folder: bool) -> None:
    files.put(staged(tmp_path, "first", folder=folder), "objects/x")
    looked = files.look("objects/x").changed
    os.utime(files.local("objects/x"), (looked + 1, looked + 1))
    assert not files.discard("objects/x", looked)
    assert files.look("objects/x").bytes == 5
    assert list((tmp_path / "staging").iterdir()) == []


def test_a_newer_version_is_current_though_the_clock_went_back(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    step(store, "raw/t", writing(ROWS))
    (entry,) = (store.root / "heads/raw/t/-").iterdir()
    entry.rename(entry.with_name(f"02{entry.name[2:]}"))  # the same ULID, decades later
    newer = step(store, "raw/t", writing(ROWS.head(1)), made_by=recipe(seed=1), run_id="2").manifest
    assert store.head(Ref.parse("raw/t")) == newer


def test_a_root_with_quotes_and_spaces_holds_sql_tables(tmp_path: Path) -> None:
    store = new_store(tmp_path / 'it\'s a "root"')
    step(store, "raw/t", writing(ROWS))
    made = step(store, "raw/u", lambda work: work.write_query("SELECT id FROM raw.t", {}), ["raw/t"]).manifest
    assert sorted(pl.read_parquet(store.path(made))["id"]) == [1, 2, 3]
