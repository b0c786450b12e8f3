"""The spec of a merging job. Imports nothing heavy."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from sg_assets.adapters.applied_adapter import AppliedAdapter
from sg_assets.chat.chat_settings import ChatSettings
from sg_assets.errors import SgAssetsError

LIBRARIES = ("torch", "transformers", "peft", "safetensors")
"""Distributions whose version can change a merged model."""


class MergeSpec(BaseModel):
    """One merging job."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    base_model: Path
    """Folder of the chat model."""
    trust_remote_code: bool
    """Whether Python code in that folder may run."""
    chat: ChatSettings = ChatSettings()
    """What is declared of chats with the model."""
    adapter: AppliedAdapter
    """The adapter."""
    output_dir: Path
    """Folder for the merged model."""
    facts: Path
    """File for what was measured of it, as JSON."""


def read_spec(path: Path) -> MergeSpec:
    """Read a job's spec.

    Raises:
        SgAssetsError: no such file, or values that do not fit.
    """
    try:
        return MergeSpec.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        raise SgAssetsError("no such merging spec", where=str(path)) from None
    except ValidationError as error:
        raise SgAssetsError("the merging spec is not valid", where=str(path), why=str(error)) from None
