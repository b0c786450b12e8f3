"""What stands in an embedder's folder beside its files: how texts become vectors. Imports nothing heavy."""

import json
from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from sg_assets.errors import SgAssetsError

SPEC_FILE: Final = "embedder.json"
FILES: Final = "model"
"""The folder of the files, or of their list, of an embedder that was made elsewhere."""
BEHAVIOUR: Final = 1
"""Raised when such an embedder would embed any text differently: it stands in the folder, so vectors are kept by it."""


class SentenceSpec(BaseModel):
    """An embedder in the layout of sentence-transformers."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["sentence_transformers"] = "sentence_transformers"
    behaviour: int = BEHAVIOUR
    pooling: Literal["mean", "cls", "max"] | None = None
    """None: as its ``modules.json`` says; so of what follows."""
    normalise: bool | None = None
    max_length: int | None = None
    prompt: str = ""
    """Stands before each text."""
    dtype: Literal["float32", "bfloat16", "float16"] = "float32"

    def write(self, folder: Path) -> None:
        """Write it into an embedder's folder."""
        (folder / SPEC_FILE).write_text(self.model_dump_json(indent=1) + "\n", encoding="utf-8")


def read_embedder_spec(folder: Path) -> SentenceSpec | None:
    """The spec of an embedder's folder; None of one that is fitted here, which describes itself.

    Raises:
        SgAssetsError: it is no embedder's folder.
    """
    try:
        content = (folder / SPEC_FILE).read_bytes()
        return SentenceSpec.model_validate_json(content) if "kind" in json.loads(content) else None
    except FileNotFoundError:
        raise SgAssetsError("not an embedder's folder", where=str(folder), why=f"{SPEC_FILE} is missing") from None
    except (ValidationError, ValueError) as error:
        raise SgAssetsError("not an embedder's description", where=f"{folder}/{SPEC_FILE}", why=str(error)) from None
