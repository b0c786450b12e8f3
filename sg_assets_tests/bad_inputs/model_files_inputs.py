"""Models made elsewhere that cannot be taken: declarations, folders, and shapes of repositories."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from sg_assets.declarations.record_reading import validated
from sg_assets.declarations.records.model_files import ModelFiles
from sg_assets.hub.file_list import FilesKind
from sg_assets.hub.file_selection import select
from sg_assets.hub.pin_step import pin
from sg_assets_tests.bad_inputs.bad_input import BadInput, error_of
from sg_assets_tests.hub.folders import CHAT, model_folder_at

WHERE = "models/profiles/x.yaml, chat_models.base.hub"
HUB = {"repo": "sg/x", "revision": "main"}


def _declared(name: str, content: dict[str, Any], *says: str) -> BadInput:
    """Declared files that fit no record."""
    return BadInput(
        f"declared {name}", lambda *_: error_of(lambda: validated(content, ModelFiles, WHERE)), (WHERE, *says)
    )


def _shape(name: str, names: Sequence[str], *says: str, kind: FilesKind = "model", **declared: Any) -> BadInput:
    """A repository of such files."""
    files = ModelFiles(**HUB, **declared)
    return BadInput(
        f"shape {name}", lambda *_: error_of(lambda: select(names, files, kind)), ("sg/x@main", *says)
    )  # fmt: skip


def _folder(name: str, spoil: Callable[[Path], object], *says: str, **declared: Any) -> BadInput:
    """A folder that something was done to."""

    def act(root: Path, _: pytest.MonkeyPatch) -> str:
        spoil(model_folder_at(root / "mine"))
        return error_of(lambda: pin(ModelFiles(path="mine", **declared), root))

    return BadInput(f"folder {name}", act, ("path mine", *says))


def _link_out(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder.parent / "weights")
    (folder / "model.safetensors").symlink_to("../weights")


def _dangling(folder: Path) -> None:
    (folder / "config.json").unlink()
    (folder / "config.json").symlink_to("nowhere")


def _pipe(folder: Path) -> None:
    (folder / "config.json").unlink()
    os.mkfifo(folder / "config.json")


def _folder_in_place_of_weights(folder: Path) -> None:
    (folder / "model.safetensors").unlink()
    (folder / "model.safetensors").mkdir()


def _only_pickles(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")


def _file_in_place_of_folder(folder: Path) -> None:
    folder.rename(folder.with_name("other"))
    folder.touch()


CASES = [
    _declared("nothing", {}, "either repo"),
    _declared("both sources", {**HUB, "path": "x"}, "not both"),
    _declared("repo without revision", {"repo": "sg/x"}, "needs a revision"),
    _declared("revision of a folder", {"path": "x", "revision": "main"}, "no revision"),
    _declared("path upwards", {"path": "../x"}, "below SG_WEIGHTS"),
    _declared("path upwards within", {"path": "a/../../x"}, "without '~' and '..'"),
    _declared("path of a home", {"path": "~root/x"}, "without '~'"),
    _declared("path with NUL", {"path": "a\x00"}, "\\x00"),
    _declared("path with escape", {"path": "a\x1b[31m"}, "\\x1b"),
    _declared("path that is a number", {"path": 3}, "path"),
    _declared("endless path", {"path": "a" * 2000}, "path", "1000"),
    _declared("weights upwards", {**HUB, "weights": ["../x"]}, "weights"),
    _declared("weights from the root", {**HUB, "weights": ["/etc/passwd"]}, "weights"),
    _declared("hidden weights", {**HUB, "weights": [".x"]}, "weights"),
    _declared("weights with a backslash", {**HUB, "weights": ["a\\b"]}, "weights"),
    _declared("weights that are a text", {**HUB, "weights": "x"}, "weights"),
    _declared("other conversion", {**HUB, "convert": "joblib"}, "convert", "pickle"),
    _declared("tokenizer without source", {**HUB, "tokenizer": {}}, "tokenizer", "either repo"),
    _declared("tokenizer that is a text", {**HUB, "tokenizer": "google/bert"}, "tokenizer"),
    _declared("misspelt key", {**HUB, "wheights": ["x"]}, "Did you mean 'weights'?"),
    _declared("repo with a scheme", {"repo": "https://huggingface.co/sg/x", "revision": "main"}, "repo"),
    _shape("empty", [], "no weights in safetensors", "model.safetensors"),
    _shape("no config", ["model.safetensors"], "has no config.json"),
    _shape("pickle", ["config.json", "pytorch_model.bin"], "can run any code", "convert: pickle"),
    _shape("tensorflow", ["config.json", "tf_model.h5"], "tf_model.h5"),
    _shape("adapter", ["adapter_config.json", "adapter_model.safetensors"], "not of an adapter"),
    _shape("model as adapter", [*CHAT], "has no adapter_config.json", kind="adapter"),
    _shape("several heads", ["a.onnx", "b.onnx"], "a.onnx, b.onnx", "weights: [a.onnx]", kind="head"),
    _shape("onnx as model", ["config.json", "model.onnx"], "no weights in safetensors"),
    _shape("missing part", ["config.json", "model-00001-of-00002.safetensors", "model.safetensors.index.json"],
           "model-00002-of-00002.safetensors is missing"),
    _shape("missing index", ["config.json", "model-00001-of-00001.safetensors"], "index.json is missing"),
    _shape("endless parts", ["config.json", "model-00001-of-99999999999.safetensors"], "is missing"),
    _shape("other weights", ["config.json", "b.safetensors"], "Did you mean 'b.safetensors'?",
           weights=("a.safetensors",)),
    _shape("unsafe weights", ["config.json", "a/..safetensors"], "could lead out", weights=("a/*",)),
    _shape("needless conversion", [*CHAT], "nothing to convert", "Leave convert out", convert="pickle"),
    _folder("gone", lambda folder: folder.rename(folder.with_name("mine2")), "no such folder", "'mine2'", "SG_WEIGHTS"),
    _folder("that is a file", _file_in_place_of_folder, "a folder is needed"),
    _folder("with a link out", _link_out, "'model.safetensors' is a link that leaves", "cp -rL"),
    _folder("with a dangling link", _dangling, "'config.json'"),
    _folder("with a pipe", _pipe, "'config.json' is no file"),
    _folder("without weights", _folder_in_place_of_weights, "no weights in safetensors"),
    _folder("with pickles alone", _only_pickles, "pytorch_model.bin", "convert: pickle"),
    _folder("without config", lambda folder: (folder / "config.json").unlink(), "has no config.json"),
    _folder("with other weights", lambda _: None, "no file matches", "Did you mean 'model.safetensors'?",
            weights=("modell.safetensors",)),
]  # fmt: skip
