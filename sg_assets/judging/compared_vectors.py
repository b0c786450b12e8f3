"""Vectors of the answers that divergence compares, by an encoder in a job of its own."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from sg_assets.embedding.divergence_step import compared_answers
from sg_assets.embedding.embedder_spec import FILES
from sg_assets.judging.judge_spec import EMBEDDER
from sg_assets.judging.kind_scores import Asked, StartJob, files_of
from sg_assets.store.fingerprints import json_digest

if TYPE_CHECKING:
    from sg_assets.declarations.records.embedder import SentenceTransformers
    from sg_assets.store.workspace import Workspace


def embed_compared(
    workspace: "Workspace",
    compared: Mapping[str, int | None],
    seed: int,
    *,
    options: "SentenceTransformers",
    memories: Path,
    start: StartJob,
) -> None:
    """Keep the vectors of all answers that `measure_divergence` compares, where it looks for them.

    Args:
        workspace: Of the scores; its partition is the variant.
        compared: By benchmark, how many items of each label are compared at most; None for all.
        seed: Decides which items are compared.
        options: How the encoder runs.
        memories: Folder of kept vectors, a folder per embedder.
        start: Runs the embedding in a process of its own.

    Raises:
        SgAssetsError: the encoder cannot be used.
    """
    import polars as pl

    from sg_assets.embedding.embedder import BEHAVIOUR

    variant = str(workspace.ref.partition)
    answers = pl.concat(compared_answers(workspace, name, most, variant, seed) for name, most in compared.items())
    texts = pl.concat([answers["before"], answers["after"]]).unique(maintain_order=True)
    [embedder] = workspace.inputs["models/embedder"]
    folder = workspace.store.path(embedder)
    files = files_of({EMBEDDER: folder / FILES})
    Asked(workspace, folder, files, memories / json_digest([embedder.fingerprint, BEHAVIOUR]), options).vectors(
        texts, start
    )
