"""A model variant: its method, parent and training data."""

from typing import Literal

from pydantic import model_validator

from sg_assets.declarations.names import SafeName
from sg_assets.declarations.records.base import Count, Record, Seed
from sg_assets.declarations.records.training import TrainingOptions

Method = Literal["none", "sft", "kto", "dpo"]


class Variant(Record):
    """A model variant: a chat model as it is, or an adapter trained on one."""

    name: SafeName
    description: str
    method: Method
    parent: SafeName
    """A chat model (``base``, ``reference``), or for kto and dpo an SFT variant."""
    mix: SafeName | None = None
    """The mix it is trained on; absent for method ``none``."""
    rank: Count | None = None
    """Declared LoRA rank (alpha = rank); the effective rank is this times the profile's ``rank_scale``."""
    seed: Seed | None = None
    """Seed of its training; the profile's seed where absent."""
    training: TrainingOptions = TrainingOptions()
    auto: Literal["on_missing"] | None = None
    """``on_missing``: the sensor `new_variants` may train and evaluate the variant if its results are missing, also on
    a GPU. By default a person starts it."""

    @model_validator(mode="after")
    def _complete(self) -> "Variant":
        if self.method == "none":
            if self.mix or self.rank or self.seed is not None or self.training.model_dump(exclude_none=True):
                raise ValueError("method 'none' trains nothing: mix, rank, seed and training do not apply")
        elif self.mix is None or self.rank is None:
            raise ValueError(f"method '{self.method}' needs a mix and a rank")
        for name in ("beta", "loss", "label_smoothing"):
            if self.method == "sft" and getattr(self.training, name) is not None:
                raise ValueError(f"{name} applies to kto and dpo only")
        return self
