"""The step that pins a hub model."""

from pathlib import Path

import pytest

from sg_assets.declarations.records.model import HubModel
from sg_assets.hub.file_list import read_snapshot
from sg_assets.hub.pin_step import pin_model
from sg_assets_tests.hub.conftest import NAME
from sg_assets_tests.hub.server import COMMIT, Hub
from sg_assets_tests.store.steps import new_store, workspace


def test_a_branch_is_pinned_by_its_commit_and_files(hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", hub.endpoint)
    with workspace(new_store(tmp_path), "models/chat[base]") as work:
        pin_model(work, HubModel(repo=NAME, revision="main"))
        snapshot = read_snapshot(work.result_folder / "hub.json")
        assert work.details == {"commit": COMMIT, "files": len(snapshot.files), "model_bytes": snapshot.bytes}
    assert (snapshot.repo, snapshot.commit) == (NAME, COMMIT)
