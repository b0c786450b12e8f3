"""Hyper-parameters of trainings."""

from typing import Annotated, Literal

from pydantic import Field

from sg_assets.declarations.records.base import Count, Record


class TrainingOptions(Record):
    """Hyper-parameters of a training; a variant states only the values that differ from its profile."""

    learning_rate: float | None = Field(default=None, gt=0)
    epochs: float | None = Field(default=None, gt=0)
    batch_size: Count | None = None
    gradient_accumulation: Count | None = None
    beta: float | None = Field(default=None, gt=0)
    """Strength of the penalty for leaving the reference model; KTO and DPO only."""
    max_length: Annotated[int, Field(ge=2)] | None = None
    """Longest example in tokens; longer examples are dropped and counted."""
    warmup_ratio: Annotated[float, Field(ge=0, lt=1)] | None = None
    lr_scheduler: Literal["cosine", "linear", "constant_with_warmup"] | None = None
    weight_decay: float | None = Field(default=None, ge=0)
    target_modules: Annotated[tuple[str, ...], Field(min_length=1)] | None = None
    dtype: Literal["float32", "bfloat16"] | None = None
    gradient_checkpointing: bool | None = None
    threads: Count | None = None
    device: Literal["auto", "cpu", "cuda"] | None = None
    logging_steps: Count | None = None
    save_steps: Count | None = None
    """Steps between two checkpoints; changes no result, only how much a killed run repeats."""

    def over(self, defaults: "TrainingOptions") -> "TrainingOptions":
        """These options, with the gaps filled from ``defaults``."""
        return TrainingOptions(**{**defaults.model_dump(exclude_none=True), **self.model_dump(exclude_none=True)})


class Training(Record):
    """Training defaults, and the values that differ by method."""

    defaults: TrainingOptions
    sft: TrainingOptions = TrainingOptions()
    kto: TrainingOptions = TrainingOptions()
    dpo: TrainingOptions = TrainingOptions()
