"""A declared hub model becomes a list of files, or one clear error."""

from pathlib import Path

import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.hub.file_list import HubFile, HubSnapshot, read_snapshot
from sg_assets.hub.resolve import resolve
from sg_assets_tests.hub.conftest import FILES, NAME, TOKEN
from sg_assets_tests.hub.server import COMMIT, Hub, git_blob, sha256


def resolved(hub: Hub, revision: str = "main", *, trust_remote_code: bool = False) -> HubSnapshot:
    return resolve(NAME, revision, trust_remote_code=trust_remote_code, endpoint=hub.endpoint)


def test_a_branch_is_pinned_to_its_commit(hub: Hub) -> None:
    snapshot = resolved(hub)
    assert (snapshot.repo, snapshot.revision, snapshot.commit) == (NAME, "main", COMMIT)


def test_each_file_is_pinned_by_its_digest(hub: Hub) -> None:
    weights, config = FILES["model.safetensors"], FILES["config.json"]
    assert resolved(hub).files == (
        HubFile(name="config.json", size=len(config), git_blob=git_blob(config)),
        HubFile(name="model.safetensors", size=len(weights), sha256=sha256(weights)),
        HubFile(name="tokenizer.json", size=2, git_blob=git_blob(b"{}")),
    )


def test_code_is_listed_only_where_it_was_declared_to_be_trusted(hub: Hub) -> None:
    assert "modeling_tiny.py" in {file.name for file in resolved(hub, trust_remote_code=True).files}
    assert resolved(hub, trust_remote_code=True).trust_remote_code


def test_nothing_is_downloaded(hub: Hub) -> None:
    resolved(hub)
    assert [path for _, path, _ in hub.requests] == [f"/api/models/{NAME}/revision/main"]


def test_the_list_is_written_and_read_back(hub: Hub, tmp_path: Path) -> None:
    snapshot = resolved(hub)
    snapshot.write(tmp_path)
    first = (tmp_path / "hub.json").read_bytes()
    resolved(hub).write(tmp_path)
    assert (tmp_path / "hub.json").read_bytes() == first
    assert read_snapshot(tmp_path / "hub.json") == snapshot
    assert snapshot.bytes == 23 + 700 + 2


@pytest.mark.parametrize("changed", ['"name": "../config.json"', '"no_such_key": 1'])
def test_another_file_is_no_list(hub: Hub, tmp_path: Path, changed: str) -> None:
    resolved(hub).write(tmp_path)
    text = (tmp_path / "hub.json").read_text()
    (tmp_path / "hub.json").write_text(text.replace('"name": "config.json"', changed))
    with pytest.raises(SgAssetsError, match="is no list of a hub model's files"):
        read_snapshot(tmp_path / "hub.json")


def test_pickled_weights_alone_are_refused(hub: Hub) -> None:
    del hub.repos[NAME].files["model.safetensors"]
    with pytest.raises(SgAssetsError, match=r"no weights in safetensors.*pytorch_model\.bin.*can run any code"):
        resolved(hub)


def test_an_adapter_alone_is_refused(hub: Hub) -> None:
    del hub.repos[NAME].files["config.json"]
    with pytest.raises(SgAssetsError, match=r"no config\.json"):
        resolved(hub)


def test_an_unknown_repository_is_told(hub: Hub) -> None:
    with pytest.raises(SgAssetsError, match=r"sg/other@main: the hub shows no such repository.*HF_TOKEN"):
        resolve("sg/other", "main", endpoint=hub.endpoint)


def test_an_unknown_revision_is_told(hub: Hub) -> None:
    with pytest.raises(SgAssetsError, match=rf"{NAME}@v9: the repository has no such revision"):
        resolved(hub, "v9")


@pytest.mark.parametrize("token", [None, "wrong"])
def test_a_gated_repository_is_told(hub: Hub, token: str | None) -> None:
    hub.repos[NAME].needs = TOKEN
    with pytest.raises(SgAssetsError, match=r"is gated.*huggingface\.co/sg/tiny-chat.*HF_TOKEN"):
        resolve(NAME, "main", token=token, endpoint=hub.endpoint)


def test_a_token_opens_a_gated_repository_and_is_kept_nowhere(hub: Hub, tmp_path: Path) -> None:
    hub.repos[NAME].needs = TOKEN
    resolve(NAME, "main", token=TOKEN, endpoint=hub.endpoint).write(tmp_path)
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


def test_a_hub_that_is_not_there_is_told() -> None:
    with pytest.raises(SgAssetsError, match=r"the hub could not give it.*ConnectError.*Check the connection"):
        resolve(NAME, "main", endpoint="http://127.0.0.1:9")


def test_a_name_that_is_none_is_told(hub: Hub) -> None:
    with pytest.raises(SgAssetsError, match="is no repository name"):
        resolve("a/b/c", "main", endpoint=hub.endpoint)
