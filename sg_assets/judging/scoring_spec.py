"""The spec of a scoring job, and what it keeps of a text. Imports nothing heavy."""

from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from sg_assets.errors import SgAssetsError

if TYPE_CHECKING:
    import polars as pl

TEXTS: Final = "asked"
"""The column of texts in the job's file."""
LIBRARIES: Final = ("torch", "transformers", "tokenizers", "onnxruntime", "safetensors")
"""Distributions whose version can change a score."""


class Files(BaseModel):
    """The files of a model on this machine."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: Path
    trust_remote_code: bool = False
    """Whether Python code in that folder may run."""


class ScoringSpec(BaseModel):
    """One scoring job: texts of one judge, or of one embedder."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    folder: Path
    """Of the judge or embedder."""
    is_embedder: bool
    """Whether vectors are wanted, and no scores."""
    files: dict[str, Files]
    """The files behind its parts."""
    texts: Path
    """A Parquet file of the texts, as they are shown to it."""
    memory: Path
    """The folder in which scores or vectors are kept, by text."""
    batch_size: int
    device: Literal["auto", "cpu", "cuda"]
    threads: int | None
    parity: float
    """How far a number in half precision may be from that in float32."""


def read_spec(path: Path) -> ScoringSpec:
    """Read a job's spec.

    Raises:
        SgAssetsError: no such file, or values that do not fit.
    """
    try:
        return ScoringSpec.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        raise SgAssetsError("no such scoring spec", where=str(path)) from None
    except ValidationError as error:
        raise SgAssetsError("the scoring spec is not valid", where=str(path), why=str(error)) from None


def score_and_cut() -> "pl.DataType":
    """What is kept of a text: its score, and 1 where it was cut off."""
    import polars as pl

    return pl.List(pl.Float64)
