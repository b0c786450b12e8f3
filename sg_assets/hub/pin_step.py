"""Pinning what was made elsewhere: the list of its files, of a repository or of a folder."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sg_assets.errors import SgAssetsError
from sg_assets.hub.file_list import FilesKind, ModelFileList, PinnedFile, PinnedFiles

if TYPE_CHECKING:
    from sg_assets.declarations.records.model_files import FileSource, ModelFiles
    from sg_assets.hub.file_digests import Purpose
    from sg_assets.hub.resolve import Choose
    from sg_assets.store.workspace import Workspace


def pin_model(workspace: "Workspace", declared: "ModelFiles", root: Path, kind: FilesKind = "model") -> None:
    """Resolve declared files to those of now, and write their list as the step's result.

    Args:
        workspace: Of the step.
        declared: The files.
        root: What relative paths lie below.
        kind: What the files are.

    Raises:
        SgAssetsError: the hub cannot be reached or refuses, there is no such folder, or the files are not there.
    """
    listed = pin(declared, root, kind)
    _require_unchanged(workspace, listed)
    workspace.result_folder.mkdir()
    listed.write(workspace.result_folder)
    commit = {} if listed.commit is None else {"commit": listed.commit}
    converted = {"converted_files": len(listed.converted)} if listed.converted else {}
    workspace.details.update({**commit, "files": listed.count, "model_bytes": listed.bytes, **converted})


def pin(declared: "ModelFiles", root: Path, kind: FilesKind = "model") -> ModelFileList:
    """The list of the files that a declaration names now.

    Args:
        declared: The files.
        root: What relative paths lie below.
        kind: What the files are.

    Raises:
        SgAssetsError: the hub cannot be reached or refuses, there is no such folder, or the files are not there.
    """
    own = _pinned(declared, root, _chosen(declared, kind))
    tokenizer = None if declared.tokenizer is None else _pinned(declared.tokenizer, root, _chosen_tokenizer(declared))
    converted = () if declared.convert is None else _converted(own)
    listed = ModelFileList(
        repo=own.repo, revision=own.revision, commit=own.commit, files=own.files,
        trust_remote_code=declared.trust_remote_code, kind=kind, converted=converted,
        tokenizer=tokenizer,
    )  # fmt: skip
    _require_loadable(listed)
    return listed


def folder_parameters(declared: "ModelFiles", root: Path, kind: FilesKind = "model") -> dict[str, Any]:
    """What a recipe has besides the declared values: the files of declared folders, by name, size and digest.

    A repository's files are known when it is resolved; a folder's are looked at here, so that a change is seen.

    Args:
        declared: The files.
        root: What relative paths lie below.
        kind: What the files are.

    Raises:
        SgAssetsError: there is no such folder, or the files are not there.
    """
    parameters = {}
    if declared.path is not None:
        parameters["files"] = _rows(_pinned(declared, root, _chosen(declared, kind), "look"))
    if declared.tokenizer is not None and declared.tokenizer.path is not None:
        parameters["tokenizer_files"] = _rows(_pinned(declared.tokenizer, root, _chosen_tokenizer(declared), "look"))
    return parameters


def local_files(declared: "ModelFiles", root: Path, kind: FilesKind = "model") -> list[tuple[str, Path]]:
    """The files that lie in declared folders now, by name: those of a tokenizer below ``tokenizer/``.

    Args:
        declared: The files.
        root: What relative paths lie below.
        kind: What the files are.

    Raises:
        SgAssetsError: there is no such folder, or the files are not there.
    """
    from sg_assets.hub.model_folders import folder_of

    sources: list[tuple[str, FileSource | None, Choose]] = [
        ("", declared, _chosen(declared, kind)),
        ("tokenizer/", declared.tokenizer, _chosen_tokenizer(declared)),
    ]
    files = []
    for prefix, source, choose in sources:
        if source is not None and source.path is not None:
            pinned = _pinned(source, root, choose, "look")
            folder = folder_of(pinned)
            files += [(f"{prefix}{file.name}", folder / file.name) for file in pinned.files]
    return files


def _require_unchanged(workspace: "Workspace", listed: ModelFileList) -> None:
    """Raise where a folder changed after the step's recipe was written."""
    for key, pinned in (("files", listed.own), ("tokenizer_files", listed.tokenizer)):
        expected = workspace.parameters.get(key)
        if expected is not None and pinned is not None and expected != _rows(pinned):
            raise SgAssetsError(
                "the model's folder changed while it was pinned", where=str(workspace.ref),
                remedy="Run the step again when nothing writes into the folder",
            )  # fmt: skip


def _pinned(source: "FileSource", root: Path, choose: "Choose", purpose: "Purpose" = "load") -> PinnedFiles:
    from sg_assets.hub.fetch import hub_token
    from sg_assets.hub.model_folders import pin_folder
    from sg_assets.hub.resolve import resolve

    if source.path is not None:
        return pin_folder(source.path, root, choose, purpose=purpose)
    return resolve(str(source.repo), str(source.revision), choose, token=hub_token())


def _converted(own: PinnedFiles) -> tuple[PinnedFile, ...]:
    """What the pickles among the files become; the first time, they are fetched and converted."""
    from sg_assets.hub.conversion import convert
    from sg_assets.hub.fetch import pickles_folder

    return convert(own, pickles_folder(own))


def _require_loadable(listed: ModelFileList) -> None:
    """Raise where small files say that loading would fail: before anything large is downloaded, and a GPU is taken."""
    from sg_assets.hub.fetch import folder_of_list
    from sg_assets.hub.file_selection import ONNX

    has_onnx = any(file.name.endswith(ONNX) for file in listed.files)
    if has_onnx or listed.tokenizer is not None:
        folder_of_list(listed, with_weights=has_onnx)


def _chosen(declared: "ModelFiles", kind: FilesKind) -> "Choose":
    from sg_assets.hub.file_selection import select

    def choose(names: Iterable[str]) -> tuple[str, ...]:
        return select(names, declared, kind)

    return choose


def _chosen_tokenizer(declared: "ModelFiles") -> "Choose":
    from sg_assets.hub.file_selection import select_tokenizer

    def choose(names: Iterable[str]) -> tuple[str, ...]:
        return select_tokenizer(names, "tokenizer" if declared.tokenizer is None else declared.tokenizer.label)

    return choose


def _rows(pinned: PinnedFiles) -> list[dict[str, str | int | None]]:
    return [{"name": file.name, "bytes": file.size, "sha256": file.sha256} for file in pinned.files]
