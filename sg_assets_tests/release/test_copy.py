"""A published release as a plain folder."""

from pathlib import Path

import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.release.copy import copy_release
from sg_assets.store.manifests import Manifest
from sg_assets.store.store import Store


def test_every_file_arrives(store: Store, release: Manifest, tmp_path: Path) -> None:
    copy_release(release, store.path(release), tmp_path / "far" / "out")
    copied = [path for path in (tmp_path / "far" / "out").rglob("*") if path.is_file()]
    assert len(copied) == len(release.files)
    assert [path.name for path in (tmp_path / "far").iterdir()] == ["out"]


@pytest.mark.parametrize("kind", ["folder", "file", "dangling link"])
def test_nothing_is_overwritten(store: Store, release: Manifest, tmp_path: Path, kind: str) -> None:
    folder = tmp_path / "there"
    if kind == "folder":
        folder.mkdir()
    elif kind == "file":
        folder.write_text("mine")
    else:
        folder.symlink_to(tmp_path / "nowhere")
    before = sorted(tmp_path.iterdir())
    with pytest.raises(SgAssetsError, match="exists already"):
        copy_release(release, store.path(release), folder)
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize("damage", ["changed", "missing", "added"])
def test_other_files_than_were_published_are_not_handed_out(
    store: Store, release: Manifest, tmp_path: Path, damage: str
) -> None:
    content = tmp_path / "content"
    copy_release(release, store.path(release), content)
    card = content / "README.md"
    if damage == "changed":
        card.write_text("other")
    elif damage == "missing":
        card.unlink()
    else:
        (content / "more.txt").write_text("x")
    with pytest.raises(SgAssetsError, match=r"reports/release\[sft_r16\] is not what was published"):
        copy_release(release, content, tmp_path / "out")
    assert not (tmp_path / "out").exists()
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".out")]


def test_a_folder_that_cannot_be_made_is_told(store: Store, release: Manifest, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(SgAssetsError, match="cannot be written"):
        copy_release(release, store.path(release), tmp_path / "file" / "out")
