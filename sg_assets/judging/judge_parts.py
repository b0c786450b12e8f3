"""Writing the folders of judges and embedders that were made elsewhere: what is declared of them, and their files."""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from sg_assets.embedding.embedder_spec import FILES, SentenceSpec
from sg_assets.judging.judge_spec import CLASSIFIER, EMBEDDER, HEAD, ClassifierSpec, HeadSpec

if TYPE_CHECKING:
    from sg_assets.declarations.records.embedder import SentenceTransformers
    from sg_assets.declarations.records.judge_model import EmbeddingHead, SequenceClassification
    from sg_assets.declarations.records.model_files import ModelFiles
    from sg_assets.hub.file_list import FilesKind
    from sg_assets.store.workspace import Workspace


def write_classifier(workspace: "Workspace", declared: "SequenceClassification", root: Path) -> None:
    """Write a classifier's folder.

    Args:
        workspace: Of the judge.
        declared: The classifier.
        root: What relative paths of folders lie below.

    Raises:
        SgAssetsError: the files cannot be pinned, or the model has not the labels that are declared.
    """
    from sg_assets.judging.classifier_labels import require_labels

    folder = workspace.result_folder
    folder.mkdir()
    spec = ClassifierSpec(
        sees=declared.sees, template=declared.template, labels=declared.labels, score_of=declared.score_of,
        activation=declared.activation, max_length=declared.max_length, dtype=declared.dtype,
    )  # fmt: skip
    spec.write(folder)
    pin_part(workspace, declared.model, folder / CLASSIFIER, root, "model")
    require_labels(folder / CLASSIFIER, spec)


def write_head(workspace: "Workspace", declared: "EmbeddingHead", root: Path) -> None:
    """Write the folder of a judge with a head, without the head where that is fitted here.

    Args:
        workspace: Of the judge.
        declared: The judge.
        root: What relative paths of folders lie below.

    Raises:
        SgAssetsError: the files cannot be pinned.
    """
    folder = workspace.result_folder
    folder.mkdir()
    head = declared.head
    spec = HeadSpec(
        sees=declared.sees, template=declared.template,
        file=None if head is None else head.file, output="probability" if head is None else head.output,
    )  # fmt: skip
    spec.write(folder)
    if declared.embedder is None:
        shutil.copytree(workspace.input_path("models/embedder"), folder / EMBEDDER)
    else:
        write_embedder(workspace, declared.embedder, folder / EMBEDDER, root)
    if head is not None:
        pin_part(workspace, head.pinned, folder / HEAD, root, "head")


def write_own_embedder(workspace: "Workspace", declared: "SentenceTransformers", root: Path) -> None:
    """Write the folder of the profile's embedder.

    Args:
        workspace: Of the embedder.
        declared: The embedder.
        root: What relative paths of folders lie below.

    Raises:
        SgAssetsError: the files cannot be pinned.
    """
    write_embedder(workspace, declared, workspace.result_folder, root)


def write_embedder(workspace: "Workspace", declared: "SentenceTransformers", folder: Path, root: Path) -> None:
    """Write an embedder's folder.

    Args:
        workspace: Of the step.
        declared: The embedder.
        folder: Where; there is none yet.
        root: What relative paths of folders lie below.

    Raises:
        SgAssetsError: the files cannot be pinned.
    """
    folder.mkdir()
    SentenceSpec(
        pooling=declared.pooling, normalise=declared.normalise, max_length=declared.max_length,
        prompt=declared.prompt, dtype=declared.dtype,
    ).write(folder)  # fmt: skip
    pin_part(workspace, declared.model, folder / FILES, root, "model")


def pin_part(workspace: "Workspace", declared: "ModelFiles", folder: Path, root: Path, kind: "FilesKind") -> None:
    """Pin the files of a part, and write their list into a folder of its own.

    Args:
        workspace: Of the step.
        declared: The files.
        folder: Where; there is none yet.
        root: What relative paths of folders lie below.
        kind: What the files are.

    Raises:
        SgAssetsError: the files cannot be pinned.
    """
    from sg_assets.hub.pin_step import pin

    listed = pin(declared, root, kind)
    folder.mkdir()
    listed.write(folder)
    part = folder.relative_to(workspace.result_folder).as_posix()
    commit = {} if listed.commit is None else {"commit": listed.commit}
    workspace.details.setdefault("files", {})[part] = {**commit, "files": listed.count, "bytes": listed.bytes}
