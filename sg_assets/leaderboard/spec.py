"""The spec of a leaderboard job: a frozen, validated record in a JSON file. Imports nothing heavy."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sg_assets.adapters.applied_adapter import AppliedAdapter
from sg_assets.chat.chat_settings import ChatSettings
from sg_assets.declarations.records.leaderboard import LeaderboardTask
from sg_assets.errors import SgAssetsError

LIBRARIES = ("lm_eval", "torch", "transformers", "peft", "datasets")
"""Distributions whose version can change a score."""


class LeaderboardSpec(BaseModel):
    """One job: a model, with or without an adapter, and its tasks."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    variant: str
    """Name of the model variant, for messages."""
    base_model: Path
    """Folder of the chat model: safetensors weights, config, tokenizer with a chat template."""
    trust_remote_code: bool = False
    """Whether Python code in that folder may run: only where a profile declares it of a hub model."""
    chat: ChatSettings = ChatSettings()
    """What is declared of chats with the model."""
    adapter: AppliedAdapter | None = None
    """The LoRA adapter, applied as it is for answers."""
    items: Path | None = None
    """Parquet file of ``demo/leaderboard_items``; None for lm-eval's own tasks and data sets."""
    tasks: Annotated[tuple[LeaderboardTask, ...], Field(min_length=1)]
    """The tasks, each evaluated as if it were alone in its process."""
    limit: Annotated[int, Field(ge=1)] | None = None
    """Number of items per subtask, from the first; None for all."""
    apply_chat_template: bool
    fewshot_as_multiturn: bool
    batch_size: Annotated[int, Field(ge=1)] | Literal["auto"]
    dtype: Literal["float32", "bfloat16"]
    device: Literal["auto", "cpu", "cuda"]
    threads: Annotated[int, Field(ge=1)] | None = None
    """CPU threads of the process; None for the libraries' default."""
    kept: Path
    """Folder that outlives the job, named by everything that decides the result: one folder per finished task."""


def read_spec(path: Path) -> LeaderboardSpec:
    """Read a job's spec.

    Raises:
        SgAssetsError: no such file, or values that do not fit; every wrong value is named.
    """
    try:
        return LeaderboardSpec.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        raise SgAssetsError("no such leaderboard spec", where=str(path)) from None
    except ValidationError as error:
        problems = "; ".join(f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}" for problem in error.errors())
        raise SgAssetsError(f"the leaderboard spec is not valid: {problems}", where=str(path)) from None
