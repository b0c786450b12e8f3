"""Nothing half-written under a final name, nothing written twice; heads go forward whatever the clock does."""

from pathlib import Path

import polars as pl
import pytest

from sg_assets.store.files import move_content, write_new
from sg_assets.store.refs import Ref
from sg_assets_tests.store.steps import ROWS, new_store, recipe, step, writing


def test_a_record_is_never_overwritten(tmp_path: Path) -> None:
    write_new(tmp_path / "a" / "x.json", "first", tmp_path / "staging")
    with pytest.raises(FileExistsError):
        write_new(tmp_path / "a" / "x.json", "second", tmp_path / "staging")
    assert (tmp_path / "a" / "x.json").read_text() == "first"


def test_a_record_leaves_nothing_in_staging(tmp_path: Path) -> None:
    write_new(tmp_path / "x.json", "first", tmp_path / "staging")
    with pytest.raises(FileExistsError):
        write_new(tmp_path / "x.json", "second", tmp_path / "staging")
    assert list((tmp_path / "staging").iterdir()) == []


def test_a_file_in_place_stays(tmp_path: Path) -> None:
    final = tmp_path / "objects" / "x"
    for text in ("first", "second"):
        (tmp_path / "staged").write_text(text)
        move_content(tmp_path / "staged", final)
    assert final.read_text() == "first"
    assert not (tmp_path / "staged").exists()


def test_a_folder_in_place_stays(tmp_path: Path) -> None:
    final = tmp_path / "artifacts" / "x"
    for text in ("first", "second"):
        (tmp_path / "staged").mkdir()
        (tmp_path / "staged" / "file").write_text(text)
        move_content(tmp_path / "staged", final)
    assert (final / "file").read_text() == "first"
    assert not (tmp_path / "staged").exists()


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
