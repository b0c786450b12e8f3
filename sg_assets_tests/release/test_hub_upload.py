"""A release goes to the hub whole, in one commit, and only with a token."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from huggingface_hub import constants

from sg_assets.declarations.records.release import HubTarget
from sg_assets.errors import SgAssetsError
from sg_assets.release.hub_upload import push_release
from sg_assets_tests.hub.taking import Taken, taking

TOKEN = "hf_LoopbackOnly"  # noqa: S105 - opens nothing but the test's own server
TARGET = HubTarget(repo="sg/safe-model")
FILES = {
    "README.md": b"---\nlicense: apache-2.0\n---\n# A model\n",
    "adapter_model.safetensors": b"weights" * 100,
    "manifests/adapters/kto/v1.json": b"{}",
    "marks/adapters/kto/m1.json": b"{}",
}


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Taken]:
    for variable in ("HF_TOKEN", "HF_ENDPOINT", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(variable, raising=False)
    # The newer protocol for large files needs a storage service of its own; the older one is served here.
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_XET", True)
    with taking(TOKEN) as running:
        yield running


def folder(tmp_path: Path, files: dict[str, bytes] = FILES) -> Path:
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    return tmp_path


def push(hub: Taken, made: Path, version: str = "v1", token: str | None = TOKEN) -> str:
    return push_release(made, TARGET, version=version, token=token, endpoint=hub.endpoint)


def test_every_file_arrives_in_one_commit_of_a_private_repository(hub: Taken, tmp_path: Path) -> None:
    address = push(hub, folder(tmp_path))
    assert hub.files["sg/safe-model"] == FILES
    assert (hub.private, hub.commits) == ({"sg/safe-model": True}, ["Release v1"])
    assert address.startswith(f"{hub.endpoint}/sg/safe-model/commit/")


def test_a_later_release_takes_manifests_and_marks_of_the_one_before_away_and_leaves_other_files(
    hub: Taken, tmp_path: Path
) -> None:
    push(hub, folder(tmp_path / "first"))
    hub.files["sg/safe-model"]["NOTES.md"] = b"ours"
    later = {**FILES, "manifests/adapters/kto/v2.json": b"{}"}
    del later["manifests/adapters/kto/v1.json"], later["marks/adapters/kto/m1.json"]
    push(hub, folder(tmp_path / "later", later), "v2")
    assert hub.files["sg/safe-model"] == {**later, "NOTES.md": b"ours"}
    assert hub.commits == ["Release v1", "Release v2"]


def test_nothing_is_sent_without_a_token(hub: Taken, tmp_path: Path) -> None:
    with pytest.raises(SgAssetsError, match=r"no token.*Set HF_TOKEN"):
        push(hub, folder(tmp_path), token=None)
    assert hub.files == {}


def test_a_token_that_may_not_write_is_told_without_being_shown(hub: Taken, tmp_path: Path) -> None:
    with pytest.raises(SgAssetsError) as caught:
        push(hub, folder(tmp_path), token="hf_AnotherOne")  # noqa: S106 - opens nothing
    assert "sg/safe-model" in str(caught.value)
    assert "hf_AnotherOne" not in str(caught.value)
