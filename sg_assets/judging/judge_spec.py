"""What stands in a judge's folder beside its files: how texts become scores. Imports nothing heavy.

The folder of a judge that is fitted here on generated texts (``linear``) describes itself; its description has no kind.
"""

import json
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, TypeAdapter, ValidationError

from sg_assets.errors import SgAssetsError

SPEC_FILE: Final = "judge.json"
CLASSIFIER: Final = "model"
EMBEDDER: Final = "embedder"
HEAD: Final = "head"
"""Folders of a judge's files, or of their lists."""
BEHAVIOUR: Final = 1
"""Raised when a judge of these kinds would score any text differently: it stands in the folder, so scores are kept by
it."""


class _Spec(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    behaviour: int = BEHAVIOUR
    sees: tuple[Literal["prompt", "response"], ...] = ("response",)
    template: str | None = None

    def write(self, folder: Path) -> None:
        """Write it into a judge's folder."""
        (folder / SPEC_FILE).write_text(self.model_dump_json(indent=1) + "\n", encoding="utf-8")


class ClassifierSpec(_Spec):
    """A classifier with a label for each text."""

    kind: Literal["sequence_classification"] = "sequence_classification"
    labels: tuple[str, ...] | None = None
    """The names of the outputs; None: as the model's configuration says."""
    score_of: tuple[str, ...]
    activation: Literal["softmax", "sigmoid"] = "softmax"
    max_length: int = 512
    dtype: Literal["float32", "bfloat16", "float16"] = "float32"


class HeadSpec(_Spec):
    """A linear head over the vectors of an embedder."""

    kind: Literal["embedding_head"] = "embedding_head"
    file: str | None = None
    """The ONNX file of a head that was made elsewhere; None: fitted here."""
    output: Literal["probability", "raw"] = "probability"
    """What the second output of such a file holds."""


JudgeSpec = ClassifierSpec | HeadSpec
_ANY: Final = TypeAdapter[JudgeSpec](Annotated[JudgeSpec, Discriminator("kind")])


def read_judge_spec(folder: Path) -> JudgeSpec | None:
    """The spec of a judge's folder; None of a linear one, which is fitted here.

    Raises:
        SgAssetsError: it is no judge's folder.
    """
    try:
        content = (folder / SPEC_FILE).read_bytes()
        return _ANY.validate_json(content) if "kind" in json.loads(content) else None
    except FileNotFoundError:
        raise SgAssetsError("not a judge's folder", where=str(folder), why=f"{SPEC_FILE} is missing") from None
    except (ValidationError, ValueError) as error:
        raise SgAssetsError("not a judge's description", where=f"{folder}/{SPEC_FILE}", why=str(error)) from None
