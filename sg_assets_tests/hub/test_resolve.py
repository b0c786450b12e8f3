"""A declared hub model becomes a list of files, or one clear error."""

from pathlib import Path

import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.hub.file_list import PinnedFile
from sg_assets_tests.hub.conftest import FILES, NAME, TOKEN, resolved
from sg_assets_tests.hub.server import COMMIT, Hub, git_blob, sha256


def test_a_branch_is_pinned_to_its_commit(hub: Hub) -> None:
    snapshot = resolved(hub)
    assert (snapshot.repo, snapshot.revision, snapshot.commit) == (NAME, "main", COMMIT)


def test_each_file_is_pinned_by_its_digest(hub: Hub) -> None:
    weights, config = FILES["model.safetensors"], FILES["config.json"]
    assert resolved(hub).files == (
        PinnedFile(name="config.json", size=len(config), git_blob=git_blob(config)),
        PinnedFile(name="model.safetensors", size=len(weights), sha256=sha256(weights)),
        PinnedFile(name="tokenizer.json", size=2, git_blob=git_blob(b"{}")),
    )


def test_code_is_listed_only_where_it_was_declared_to_be_trusted(hub: Hub) -> None:
    assert "modeling_tiny.py" in {file.name for file in resolved(hub, trust_remote_code=True).files}
    assert resolved(hub, trust_remote_code=True).trust_remote_code


def test_nothing_is_downloaded(hub: Hub) -> None:
    resolved(hub)
    assert [path for _, path, _ in hub.requests] == [f"/api/models/{NAME}/revision/main"]


def test_pickled_weights_alone_are_refused(hub: Hub) -> None:
    del hub.repos[NAME].files["model.safetensors"]
    with pytest.raises(SgAssetsError, match=r"no weights in safetensors.*pytorch_model\.bin.*can run any code"):
        resolved(hub)


def test_an_adapter_alone_is_refused(hub: Hub) -> None:
    del hub.repos[NAME].files["config.json"]
    with pytest.raises(SgAssetsError, match=r"no config\.json"):
        resolved(hub)


def test_a_token_opens_a_gated_repository_and_is_kept_nowhere(hub: Hub, tmp_path: Path) -> None:
    hub.repos[NAME].needs = TOKEN
    resolved(hub, token=TOKEN).write(tmp_path)
    assert TOKEN not in (tmp_path / "hub.json").read_text()
    assert hub.requests[0][2] == f"Bearer {TOKEN}"


def test_no_token_is_shown_that_was_not_given(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "somebody's")
    resolved(hub)
    assert hub.requests[0][2] is None


def test_a_hub_that_answers_with_another_commit_is_refused(hub: Hub) -> None:
    asked = "f" * 40
    hub.repos[NAME].branch = asked
    with pytest.raises(SgAssetsError, match=f"answered with commit '{COMMIT}'"):
        resolved(hub, asked)
