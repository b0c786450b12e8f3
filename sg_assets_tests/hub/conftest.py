from collections.abc import Iterator
from typing import Any

import pytest

from sg_assets.declarations.records.model_files import ModelFiles
from sg_assets.hub.file_list import FilesKind, ModelFileList
from sg_assets.hub.file_selection import select
from sg_assets.hub.resolve import resolve
from sg_assets_tests.hub.server import Hub, Repo, serving

NAME = "sg/tiny-chat"
TOKEN = "hf_LoopbackOnly"  # noqa: S105 - opens nothing but the test's own server
FILES = {
    "config.json": b'{"model_type": "llama"}',
    "model.safetensors": b"weights" * 100,
    "tokenizer.json": b"{}",
    "modeling_tiny.py": b"print('hello')",
    "pytorch_model.bin": b"pickle",
    "README.md": b"# A model",
    "onnx/config.json": b"{}",
    "../escape.json": b"{}",
}


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    for variable in ("HF_TOKEN", "HF_ENDPOINT", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(variable, raising=False)
    with serving({NAME: Repo(dict(FILES))}) as running:
        yield running


def resolved(
    hub: Hub, revision: str = "main", *, kind: FilesKind = "model", token: str | None = None, **declared: Any
) -> ModelFileList:
    """The list of the repository, as a step pins it."""
    files = ModelFiles(repo=NAME, revision=revision, **declared)
    pinned = resolve(NAME, revision, lambda names: select(names, files, kind), token=token, endpoint=hub.endpoint)
    return ModelFileList(**pinned.model_dump(), trust_remote_code=files.trust_remote_code, kind=kind)
