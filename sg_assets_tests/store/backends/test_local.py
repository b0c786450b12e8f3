"""A store in a folder: what hard links and renames give."""

import os
from pathlib import Path

import pytest

from sg_assets.store.backends import local as local_files
from sg_assets.store.backends.local import LocalFiles
from sg_assets_tests.store.backends.staged import names, staged
from sg_assets_tests.store.steps import new_store


class Killed(BaseException):
    pass


@pytest.mark.parametrize("folder", [False, True])
def test_content_has_its_name_only_when_it_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: bool
) -> None:
    def die(*_: object) -> None:
        raise Killed

    store = new_store(tmp_path)
    monkeypatch.setattr(local_files, "renamed_new", die)
    with pytest.raises(Killed):
        store.files.put(staged(store, "first", folder=folder), "objects/a/b/x")
    assert not store.files.holds("objects/a/b/x", names(folder))


@pytest.fixture
def files(tmp_path: Path) -> LocalFiles:
    return LocalFiles(tmp_path / "root", tmp_path / "staging")


def content(tmp_path: Path, text: str) -> Path:
    (tmp_path / "staging").mkdir(exist_ok=True)
    path = tmp_path / "staging/new"
    path.write_text(text)
    return path


def test_content_that_is_stored_again_becomes_young(files: LocalFiles, tmp_path: Path) -> None:
    files.put(content(tmp_path, "first"), "objects/x")
    os.utime(files.local("objects/x"), (1, 1))
    files.put(content(tmp_path, "first"), "objects/x")
    assert files.stat("objects/x").changed > 1


def test_content_that_became_young_gets_its_name_back(files: LocalFiles, tmp_path: Path) -> None:
    files.put(content(tmp_path, "first"), "objects/x")
    assert not files.discard("objects/x", unused_since=0)
    assert files.local("objects/x").read_text() == "first"


def test_the_copy_on_this_machine_is_the_stored_content(files: LocalFiles, tmp_path: Path) -> None:
    files.put(content(tmp_path, "first"), "objects/x")
    assert files.stored("objects/x", tmp_path / "scratch") == files.local("objects/x")
    with pytest.raises(FileNotFoundError):
        files.stored("objects/y", tmp_path / "scratch")
