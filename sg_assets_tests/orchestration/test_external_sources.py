"""Folders of raw files as external assets."""

from pathlib import Path

import pytest

from sg_assets.declarations.asset_names import COMMENT_FILES
from sg_assets.errors import SgAssetsError
from sg_assets.orchestration.external_sources import external_sources
from sg_assets.orchestration.project import load_project


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SG_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SG_PROFILE", "tiny")


def test_generated_data_has_no_external_source() -> None:
    assert external_sources(load_project()) == []


def test_a_folder_of_comments_is_a_source_of_its_files(dump: Path) -> None:
    [source] = external_sources(load_project())
    assert (source.asset, source.key.path) == (COMMENT_FILES, ["raw", "comment_files"])
    assert source.files() == [("comments.csv", dump / "comments.csv")]


def test_the_files_of_an_emptied_folder_cannot_be_listed(dump: Path) -> None:
    [source] = external_sources(load_project())
    (dump / "comments.csv").unlink()
    with pytest.raises(SgAssetsError):
        source.files()
