"""What is written is on the disk, with every name that leads to it."""

from pathlib import Path

import pytest

from sg_assets.store.backends import durable
from sg_assets.store.backends.durable import make_folder, sync_content
from sg_assets_tests.store.steps import ROWS, new_store, step, writing


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    paths: list[Path] = []
    monkeypatch.setattr(durable, "_sync", paths.append)
    return paths


def test_the_names_of_new_parents_are_synced_from_the_top(tmp_path: Path, synced: list[Path]) -> None:
    make_folder(tmp_path / "a" / "b" / "c")
    assert synced == [tmp_path, tmp_path / "a", tmp_path / "a" / "b"]
    synced.clear()
    make_folder(tmp_path / "a" / "b")
    assert synced == []


def test_every_file_and_folder_of_a_content_is_synced(tmp_path: Path, synced: list[Path]) -> None:
    (tmp_path / "c" / "inner").mkdir(parents=True)
    (tmp_path / "c" / "inner" / "file").touch()
    sync_content(tmp_path / "c")
    assert set(synced) == {tmp_path / "c", tmp_path / "c" / "inner", tmp_path / "c" / "inner" / "file"}


def test_a_publication_syncs_the_folders_of_content_manifest_and_head(tmp_path: Path, synced: list[Path]) -> None:
    store = new_store(tmp_path)
    made = step(store, "raw/t", writing(ROWS)).manifest
    root = store.home
    for folder in (f"manifests/{made.ref.folder}", f"heads/{made.ref.folder}", "objects/raw"):
        names = folder.split("/")
        assert {root.joinpath(*names[:length]) for length in range(len(names) + 1)} <= set(synced), folder
