"""The files of a list, from the hub's cache or the hub, and never others."""

import json
from pathlib import Path

import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.hub.fetch import fetch, hub_token, model_folder
from sg_assets.hub.file_list import PinnedFiles
from sg_assets_tests.hub.conftest import FILES, NAME, TOKEN, resolved
from sg_assets_tests.hub.server import Hub


@pytest.fixture
def snapshot(hub: Hub) -> PinnedFiles:
    return resolved(hub).own


def test_the_listed_files_arrive_and_no_others(hub: Hub, snapshot: PinnedFiles, tmp_path: Path) -> None:
    folder = fetch(snapshot, tmp_path, endpoint=hub.endpoint)
    expected = {name: FILES[name] for name in ("config.json", "model.safetensors", "tokenizer.json")}
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == expected


def test_what_was_fetched_is_not_asked_for_again(hub: Hub, snapshot: PinnedFiles, tmp_path: Path) -> None:
    folder = fetch(snapshot, tmp_path, endpoint=hub.endpoint)
    asked = len(hub.requests)
    assert fetch(snapshot, tmp_path, endpoint=hub.endpoint) == folder
    assert len(hub.requests) == asked


def test_a_fetch_that_broke_off_is_completed(hub: Hub, snapshot: PinnedFiles, tmp_path: Path) -> None:
    folder = fetch(snapshot, tmp_path, endpoint=hub.endpoint)
    (folder / "model.safetensors").unlink()
    fetch(snapshot, tmp_path, endpoint=hub.endpoint)
    assert (folder / "model.safetensors").read_bytes() == FILES["model.safetensors"]


def test_a_branch_that_moved_on_does_not_move_what_was_pinned(hub: Hub, snapshot: PinnedFiles, tmp_path: Path) -> None:
    hub.repos[NAME].branch = "other"
    folder = fetch(snapshot, tmp_path, endpoint=hub.endpoint)
    assert (folder / "config.json").read_bytes() == FILES["config.json"]


def test_a_pinned_commit_that_is_gone_is_told(hub: Hub, snapshot: PinnedFiles, tmp_path: Path) -> None:
    hub.repos[NAME].commit = "f" * 40
    with pytest.raises(SgAssetsError, match=rf"{snapshot.commit}: the repository has no such revision.*moved or del"):
        fetch(snapshot, tmp_path, endpoint=hub.endpoint)


@pytest.mark.parametrize("name", ["model.safetensors", "config.json"])
def test_another_content_than_was_pinned_is_refused(hub: Hub, snapshot: PinnedFiles, tmp_path: Path, name: str) -> None:
    hub.repos[NAME].served[name] = FILES[name][::-1]
    with pytest.raises(SgAssetsError, match=rf"'{name}' is not the file that was pinned.*Expected.*found.*Delete"):
        fetch(snapshot, tmp_path, endpoint=hub.endpoint)


def test_a_cached_file_that_rotted_is_refused(hub: Hub, snapshot: PinnedFiles, tmp_path: Path) -> None:
    folder = fetch(snapshot, tmp_path, endpoint=hub.endpoint)
    (folder / "model.safetensors").resolve().write_bytes(b"rotten")
    with pytest.raises(SgAssetsError, match="is not the file that was pinned"):
        fetch(snapshot, tmp_path, endpoint=hub.endpoint)


def test_a_listed_file_that_the_hub_lost_is_told(hub: Hub, snapshot: PinnedFiles, tmp_path: Path) -> None:
    del hub.repos[NAME].files["tokenizer.json"]
    with pytest.raises(SgAssetsError, match=r"'tokenizer\.json' is not the file that was pinned.*found nothing"):
        fetch(snapshot, tmp_path, endpoint=hub.endpoint)


def test_a_hub_that_is_not_there_is_told(
    snapshot: PinnedFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huggingface_hub.utils._http.time.sleep", lambda _: None)  # between its client's attempts
    with pytest.raises(SgAssetsError, match=r"the hub did not deliver the files.*Check the connection"):
        fetch(snapshot, tmp_path, endpoint="http://127.0.0.1:9")


def test_without_a_network_what_was_fetched_is_enough(
    hub: Hub, snapshot: PinnedFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetch(snapshot, tmp_path / "there", endpoint=hub.endpoint)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    assert fetch(snapshot, tmp_path / "there", endpoint=hub.endpoint).is_dir()
    with pytest.raises(SgAssetsError, match="OfflineModeIsEnabled"):
        fetch(snapshot, tmp_path / "not there", endpoint=hub.endpoint)


def test_a_gated_repository_is_told(hub: Hub, snapshot: PinnedFiles, tmp_path: Path) -> None:
    hub.repos[NAME].needs = TOKEN
    with pytest.raises(SgAssetsError, match="is gated"):
        fetch(snapshot, tmp_path, endpoint=hub.endpoint)
    assert fetch(snapshot, tmp_path, token=TOKEN, endpoint=hub.endpoint).is_dir()


def test_a_folder_with_weights_is_loaded_as_it_is(tmp_path: Path) -> None:
    folder = model_folder(tmp_path)
    assert (folder.path, folder.trust_remote_code) == (tmp_path, False)


def test_a_listed_model_is_loaded_from_the_hub_s_cache(
    hub: Hub, snapshot: PinnedFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "cache"))
    fetched = fetch(snapshot, tmp_path / "cache", endpoint=hub.endpoint)
    resolved(hub).model_copy(update={"trust_remote_code": True}).write(tmp_path)
    folder = model_folder(tmp_path)
    assert (folder.path, folder.trust_remote_code) == (fetched, True)
    assert json.loads((folder.path / "config.json").read_text()) == {"model_type": "llama"}


@pytest.mark.parametrize(("value", "token"), [("hf_x", "hf_x"), ("", None), (None, None)])
def test_the_token_comes_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, value: str | None, token: str | None
) -> None:
    monkeypatch.delenv("HF_TOKEN", raising=False)
    if value is not None:
        monkeypatch.setenv("HF_TOKEN", value)
    assert hub_token() == token
