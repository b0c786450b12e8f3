"""Any embedder from its folder: ours, or one that was made elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from sg_assets.embedding.embedder import Embedder
from sg_assets.embedding.embedder_spec import read_embedder_spec
from sg_assets.embedding.torch_models import LoadedFrom, TorchRun


class EmbedsTexts(Protocol):
    """Turns texts into vectors."""

    def embed_counted(self, texts: Sequence[str]) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        """Vectors, and whether a text was cut off."""


@dataclass(frozen=True)
class WholeTexts:
    """Our embedder, which reads texts of any length."""

    embedder: Embedder

    def embed_counted(self, texts: Sequence[str]) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        """Vectors; no text is cut off."""
        return self.embedder.embed(texts), np.zeros(len(texts), dtype=bool)


def open_embedder(folder: Path, files: LoadedFrom | None, run: TorchRun) -> EmbedsTexts:
    """Load an embedder.

    Args:
        folder: Of the embedder.
        files: Its model's files where it was made elsewhere.
        run: Where it runs.

    Raises:
        SgAssetsError: it is no embedder's folder, or cannot be used.
    """
    spec = read_embedder_spec(folder)
    if spec is None or files is None:
        return WholeTexts(Embedder.load(folder))
    from sg_assets.embedding.sentence_embedder import SentenceEmbedder

    return SentenceEmbedder(files, spec, run)
