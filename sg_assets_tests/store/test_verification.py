"""Contents that differ from their records are told, by how."""

import io
from pathlib import Path

import polars as pl
import pytest

from sg_assets.store.manifests import Manifest
from sg_assets.store.store import Store
from sg_assets.store.verification import differences, remedy, verified
from sg_assets.store.workspace import Workspace
from sg_assets_tests.store.steps import ROWS, lose, new_store, recipe, step, writing


@pytest.fixture
def table(store: Store) -> Manifest:
    return step(store, "raw/t", writing(ROWS)).manifest


@pytest.fixture
def folder(store: Store) -> Manifest:
    def work(workspace: Workspace) -> None:
        workspace.result_folder.mkdir()
        for name in ("a", "b"):
            (workspace.result_folder / name).write_text(name)

    return step(store, "models/m", work, made_by=recipe(key=())).manifest


def parquet(frame: pl.DataFrame) -> bytes:
    file = io.BytesIO()
    frame.write_parquet(file, compression="uncompressed")
    return file.getvalue()


def spoil(store: Store, name: str, data: bytes) -> None:
    """Change a file in the store, past any copy on this machine."""
    (store.root / name).write_bytes(data)


def test_what_was_published_is_what_lies_there(store: Store, table: Manifest, folder: Manifest) -> None:
    assert differences(store, table) == differences(store, folder) == []


def test_missing_content_is_told(store: Store, table: Manifest) -> None:
    lose(store, table)
    assert differences(store, table) == ["the content is missing"]


def test_equal_rows_in_other_bytes_are_told_apart_from_other_rows(store: Store, table: Manifest) -> None:
    spoil(store, table.object, parquet(ROWS))
    assert differences(store, table) == ["the file's bytes differ"]
    spoil(store, table.object, parquet(pl.DataFrame({"id": [9], "text": ["z"]})))
    bytes_differ, rows_differ = differences(store, table)
    assert bytes_differ == "the file's bytes differ"
    assert rows_differ.endswith(f"not {table.fingerprint}")


def test_a_torn_file_is_told(store: Store, table: Manifest) -> None:
    spoil(store, table.object, store.path(table).read_bytes()[:-20])
    assert differences(store, table) == ["the file's bytes differ", "not a readable Parquet file"]


def test_files_of_a_folder_are_told_by_name(store: Store, folder: Manifest) -> None:
    (store.root / folder.object / "a").unlink()
    spoil(store, f"{folder.object}/b", b"other")
    missing, differs, rows = differences(store, folder)
    assert (missing, differs) == ("file 'a' is missing", "the bytes of file 'b' differ")
    assert rows.startswith("its fingerprint is")


def test_a_content_that_versions_share_is_read_once(store: Store, table: Manifest) -> None:
    again = step(store, "raw/t", writing(ROWS), made_by=recipe(seed=1), run_id="again").manifest
    [content] = verified(store, [table.ref])
    assert content.versions == (table, again)
    assert content.version == again
    assert content.differences == ()


def test_what_mends_a_content_depends_on_whether_it_is_current_and_there(store: Store, table: Manifest) -> None:
    lose(store, table)
    [lost] = verified(store, [table.ref])
    assert remedy(store, lost).startswith("Build it again: `sg-assets backfill 'raw/t'`.")
    step(store, "raw/t", writing(ROWS.head(1)), made_by=recipe(seed=1), run_id="newer")
    [old, _] = verified(store, [table.ref])
    assert remedy(store, old).startswith("Nothing reads it by default.")


def test_the_content_of_a_version_whose_record_is_damaged_is_read_as_well(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    made = step(store, "raw/t", writing(ROWS)).manifest
    (store.home / f"manifests/{made.ref.folder}/{made.version}.json").write_text("{")
    (store.home / made.object).write_bytes(b"torn")
    [content] = verified(Store(store.root, "demo"), [made.ref])
    assert (content.version, content.differences[0]) == (made, "the file's bytes differ")
