"""Hyper-parameters of trainings."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from sg_assets.declarations.losses import LOSSES
from sg_assets.declarations.neutral_values import Neutral
from sg_assets.declarations.records.base import Count, Record

_NAMES = {"type": "string", "enum": sorted({name for names in LOSSES.values() for name in names})}


def _weights(written: Any) -> Any:  # noqa: ANN401 - as it is written in YAML
    """A loss, a list of losses, or losses with weights, as the last."""
    listed = [written] if isinstance(written, str) else written
    if not isinstance(listed, list | tuple):
        return written
    names = [name for name in listed if isinstance(name, str)]
    if len(names) < len(listed) or len(set(names)) < len(names):
        raise ValueError("write each loss once, by its name: [sigmoid, sft], or with weights: {sigmoid: 1, sft: 0.2}")
    return dict.fromkeys(names, 1.0)


Losses = Annotated[
    dict[str, Annotated[float, Field(gt=0, allow_inf_nan=False)]],
    Field(min_length=1),
    BeforeValidator(_weights),
    WithJsonSchema(
        {
            "anyOf": [
                _NAMES,
                {"type": "array", "items": _NAMES, "minItems": 1, "uniqueItems": True},
                {
                    "type": "object",
                    "propertyNames": _NAMES,
                    "additionalProperties": {"type": "number", "exclusiveMinimum": 0},
                    "minProperties": 1,
                },
            ]
        }
    ),
]
"""Losses with the weight of each in the sum."""
Schedule = Literal["cosine", "linear", "constant_with_warmup"]
Weights = Literal["float32", "bfloat16"]


class TrainingOptions(Record):
    """Hyper-parameters of a training; a variant states only the values that differ from its profile."""

    learning_rate: float | None = Field(default=None, gt=0)
    epochs: float | None = Field(default=None, gt=0)
    batch_size: Count | None = None
    gradient_accumulation: Count | None = None
    beta: float | None = Field(default=None, gt=0)
    """Strength of the penalty for leaving the reference model; KTO and DPO only."""
    loss: Annotated[Losses | None, Neutral(None)] = None
    """The loss, by TRL's name for it: of KTO ``kto`` (the default) or ``apo_zero_unpaired``, of DPO ``sigmoid`` (the
    default) or others, also several that are added: ``[sigmoid, sft]``, with weights ``{sigmoid: 1, sft: 0.2}``."""
    label_smoothing: Annotated[float | None, Field(gt=0, lt=0.5), Neutral(None)] = None
    """The share of preferences taken to be the wrong way round; for the losses ``robust`` and ``exo_pair`` only."""
    max_length: Annotated[int, Field(ge=2)] | None = None
    """Longest example in tokens; longer examples are dropped and counted."""
    warmup_ratio: Annotated[float, Field(ge=0, lt=1)] | None = None
    lr_scheduler: Schedule | None = None
    weight_decay: float | None = Field(default=None, ge=0)
    target_modules: Annotated[tuple[str, ...], Field(min_length=1)] | None = None
    dtype: Weights | None = None
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

    @model_validator(mode="after")
    def _losses_of_a_method(self) -> "Training":
        for part, options in (("defaults", self.defaults), ("sft", self.sft)):
            for name in ("loss", "label_smoothing"):
                if getattr(options, name) is not None:
                    raise ValueError(f"{part}.{name}: a loss is chosen for kto or dpo. Write it under one of them")
        return self
