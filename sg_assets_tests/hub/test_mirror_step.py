"""Copying the files of a dataset, from a hub that speaks the real one's protocol and from a folder."""

from pathlib import Path
from typing import Any

import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.hub.mirror_step import folder_files, mirror_dataset
from sg_assets_tests.hub.server import COMMIT, Hub, Repo, sha256
from sg_assets_tests.hub.test_dataset_selection import dataset
from sg_assets_tests.store.steps import new_store, workspace

FILES = {
    "data/train-0.jsonl": b'{"text": "a"}\n',
    "data/test-0.jsonl": b'{"text": "b"}\n',
    "README.md": b"---\nconfigs:\n- config_name: default\n  data_files:\n  - {split: test, path: data/test-*}\n---\n",
    "d.py": b"raise SystemExit",
}


@pytest.fixture
def datasets(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> Hub:
    """A hub with a dataset."""
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", hub.endpoint)
    files = hub.endpoint + "/{repo_id}/resolve/{revision}/{filename}"
    monkeypatch.setattr("huggingface_hub.constants.HUGGINGFACE_CO_URL_TEMPLATE", files)
    hub.repos["o/d"] = Repo(dict(FILES), kind="datasets")
    return hub


def mirrored(folder: Path, **changes: Any) -> tuple[dict[str, bytes], dict[str, Any]]:
    """What a mirror holds, and its details."""
    with workspace(new_store(folder), "mirrors/d") as work:
        mirror_dataset(work, dataset(**changes), folder, lambda _: None)
        files = [path for path in work.result_folder.rglob("*") if path.is_file()]
        return {path.relative_to(work.result_folder).as_posix(): path.read_bytes() for path in files}, work.details


def test_a_split_of_the_hub_is_copied_at_the_commit_of_its_revision(datasets: Hub, tmp_path: Path) -> None:
    files, details = mirrored(tmp_path, split="test")
    assert files == {"data/test-0.jsonl": FILES["data/test-0.jsonl"]}
    assert details == {"commit": COMMIT, "files": 1, "bytes": 14}
    assert not [path for _, path, _ in datasets.requests if path.endswith(".py")]


def test_a_file_that_is_not_as_listed_is_refused(datasets: Hub, tmp_path: Path) -> None:
    datasets.repos["o/d"].served["data/test-0.jsonl"] = b'{"text": "c"}\n'
    with pytest.raises(SgAssetsError, match="is not the file that was pinned"):
        mirrored(tmp_path, split="test")


def test_a_folder_of_the_same_files_gives_the_same_content(datasets: Hub, tmp_path: Path) -> None:
    for name, content in FILES.items():
        (tmp_path / "mine" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "mine" / name).write_bytes(content)
    own = {"repo": None, "revision": None, "path": "mine"}
    files, details = mirrored(tmp_path, split="test", **own)
    assert files == mirrored(tmp_path, split="test")[0]
    assert details == {"files": 1, "bytes": 14}
    digest = sha256(FILES["data/test-0.jsonl"])
    rows = folder_files(dataset(split="test", **own), tmp_path)
    assert rows == [{"name": "data/test-0.jsonl", "bytes": 14, "sha256": digest}]


def test_the_repository_of_a_model_is_no_dataset(datasets: Hub, tmp_path: Path) -> None:
    with pytest.raises(SgAssetsError, match="the hub shows no such repository"):
        mirrored(tmp_path, repo="sg/tiny-chat")
