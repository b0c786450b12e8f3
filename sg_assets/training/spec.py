"""The spec of a training job: a frozen, validated record in a JSON file. Imports nothing heavy."""

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from sg_assets.chat.chat_settings import ChatSettings
from sg_assets.declarations.losses import WITHOUT_PARTNERS
from sg_assets.declarations.neutral_values import Neutral
from sg_assets.errors import SgAssetsError

Method = Literal["sft", "kto", "dpo"]
Positive = Annotated[float, Field(gt=0)]
Count = Annotated[int, Field(ge=1)]

LIBRARIES = ("torch", "transformers", "trl", "peft", "accelerate", "datasets")
"""Distributions whose version can change an adapter."""


class TrainingSettings(BaseModel):
    """The hyper-parameters of one run, all explicit: profile and variant decide, and the job adds no defaults."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    rank: Count
    """Effective LoRA rank (the declared rank times the profile's ``rank_scale``)."""
    learning_rate: Positive
    """Peak learning rate of AdamW."""
    epochs: Positive
    """Passes over the training rows; a fraction stops within a pass."""
    batch_size: Count
    """Rows per device and step (pairs for DPO). For KTO it is part of the data: KL partners come from one batch."""
    gradient_accumulation: Count
    """Batches whose gradients are summed before the weights move."""
    beta: Positive | None = None
    """Strength of KTO's and DPO's pull to the reference; not for SFT."""
    loss: Annotated[dict[str, Positive] | None, Neutral(None)] = None
    """The losses that are added, with their weights; the method's own loss where absent."""
    label_smoothing: Annotated[float | None, Field(gt=0, lt=0.5), Neutral(None)] = None
    """The share of preferences taken to be the wrong way round, where a loss asks for it."""
    max_length: Annotated[int, Field(ge=2)]
    """Longest rendered conversation in tokens; longer rows are dropped and counted, never cut."""
    warmup_ratio: Annotated[float, Field(ge=0, lt=1)]
    """Share of the steps over which the learning rate rises."""
    lr_scheduler: Literal["cosine", "linear", "constant_with_warmup"]
    """Schedule of the learning rate after the warm-up."""
    weight_decay: Annotated[float, Field(ge=0)]
    """AdamW's decoupled weight decay."""
    target_modules: Annotated[tuple[str, ...], Field(min_length=1)]
    """Names of the linear layers that get LoRA matrices."""
    dtype: Literal["float32", "bfloat16"]
    """Precision of the base weights; ``bfloat16`` also computes under bf16 autocast. LoRA weights stay float32."""
    gradient_checkpointing: bool
    """Recompute activations in the backward pass: less memory, about 20 % slower."""
    threads: Count
    """CPU threads of the process. Results are byte-identical for one number of threads."""
    seed: Annotated[int, Field(ge=0, lt=2**32)]
    """Seeds LoRA initialisation, the order of the rows and sampling."""
    device: Literal["auto", "cpu", "cuda"]
    """``auto`` takes CUDA where available."""
    logging_steps: Count
    """Steps between two rows of the training curve."""

    @property
    def alpha(self) -> int:
        """LoRA's alpha: always the rank, so that the scale alpha/rank is 1 whatever the rank."""
        return self.rank

    @field_validator("target_modules")
    @classmethod
    def _no_lm_head(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        if any("lm_head" in name for name in names):
            raise ValueError("'lm_head' cannot be trained: TRL reads its weight directly, past the adapter")
        return names


class TrainingSpec(BaseModel):
    """One training job: the method, its base, its training rows and the folder of its results."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    method: Method
    """``sft`` (supervised), ``kto`` (unpaired preferences) or ``dpo`` (paired preferences)."""
    variant: str
    """Name of the model variant, for messages and the summary."""
    base_model: Path
    """Folder of the base model: safetensors weights, config, tokenizer with a chat template."""
    trust_remote_code: bool = False
    """Whether Python code in that folder may run: only where a profile declares it of a hub model."""
    chat: ChatSettings = ChatSettings()
    """What is declared of chats with the model."""
    base_id: str
    """Label of the base, e.g. ``models/chat[base]@<version>``: written into the adapter's config instead of a path."""
    parent_adapter: Path | None = None
    """Folder of the SFT adapter that KTO or DPO continues; it is also the frozen reference."""
    parent_id: str | None = None
    """Label of the parent adapter, for the summary."""
    examples: Path
    """Parquet file of ``training/sft_examples``, ``kto_examples`` or ``dpo_pairs``, with splits train and dev."""
    output_dir: Path
    """Folder for ``adapter/``, ``curve.parquet`` and ``summary.json``; earlier ones are replaced."""
    kept: Path
    """Folder that outlives the job, named by everything that decides the result: checkpoints, and the finished
    result."""
    save_steps: Count
    """Steps between two checkpoints, rounded up to whole logging intervals: so that no logged mean spans a restart."""
    settings: TrainingSettings
    """Hyper-parameters."""

    @property
    def checkpoint_steps(self) -> int:
        """Steps between two checkpoints, as rounded."""
        return -(-self.save_steps // self.settings.logging_steps) * self.settings.logging_steps

    @property
    def has_partners(self) -> bool:
        """Whether a row's loss needs another row of its batch: KTO's estimate of the KL divergence does."""
        return self.method == "kto" and not set(self.settings.loss or ()) & set(WITHOUT_PARTNERS)

    @field_validator("base_id", "parent_id")
    @classmethod
    def _label_is_no_path(cls, label: str | None) -> str | None:
        if label is not None and Path(label).is_absolute():
            raise ValueError("must be a label such as 'models/chat[base]@<version>', not a path of this machine")
        return label

    @model_validator(mode="after")
    def _fits_the_method(self) -> Self:
        for wrong, message in (
            (self.method == "sft" and self.parent_adapter, "sft starts from the base: leave parent_adapter out"),
            (self.method == "sft" and self.settings.beta, "sft has no reference: leave settings.beta out"),
            (self.method != "sft" and self.settings.beta is None, f"{self.method} needs settings.beta"),
            (self.method == "sft" and self.settings.loss, "sft has one loss: leave settings.loss out"),
            (self.method == "kto" and len(self.settings.loss or ()) > 1, "kto takes one loss"),
            (
                self.has_partners and self.settings.batch_size < 2,
                "kto needs settings.batch_size >= 2: the KL partner is another row of the batch",
            ),
            (
                (self.parent_adapter is None) != (self.parent_id is None),
                "parent_adapter and parent_id go together: give both or neither",
            ),
        ):
            if wrong:
                raise ValueError(message)
        return self


def read_spec(path: Path) -> TrainingSpec:
    """Read a job's spec.

    Raises:
        SgAssetsError: no such file, or values that do not fit; every wrong value is named.
    """
    try:
        return TrainingSpec.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        raise SgAssetsError("no such training spec", where=str(path)) from None
    except ValidationError as error:
        problems = "; ".join(_problem(".".join(map(str, e["loc"])), e["msg"]) for e in error.errors())
        raise SgAssetsError(f"the training spec is not valid: {problems}", where=str(path)) from None


def _problem(where: str, message: str) -> str:
    text = message.removeprefix("Value error, ")
    return f"{where}: {text}" if where else text
