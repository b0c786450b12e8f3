"""A model variant: its method, parent and training data, or where its adapter comes from."""

from typing import Annotated, Literal

from pydantic import model_validator
from pydantic.json_schema import SkipJsonSchema

from sg_assets.declarations.names import SafeName
from sg_assets.declarations.neutral_values import Neutral
from sg_assets.declarations.records.adapter import AdapterSource
from sg_assets.declarations.records.base import Count, Record, Seed
from sg_assets.declarations.records.grid import Grid, GridMember
from sg_assets.declarations.records.training import TrainingOptions

Method = Literal["none", "sft", "kto", "dpo", "imported"]


class Variant(Record):
    """A model variant: a chat model as it is, or with an adapter that is trained here or was trained elsewhere."""

    name: SafeName
    description: str
    method: Method
    parent: SafeName
    """A chat model for ``none`` and ``imported``; for sft, kto and dpo ``base``, whose own answers are in the training
    rows, or for kto and dpo an SFT variant."""
    adapter: Annotated[AdapterSource | None, Neutral(None)] = None
    """Where the adapter of an ``imported`` variant comes from."""
    mix: SafeName | None = None
    """The mix it is trained on; absent for methods ``none`` and ``imported``."""
    rank: Count | None = None
    """Declared LoRA rank (alpha = rank); the effective rank is this times the profile's ``rank_scale``."""
    seed: Seed | None = None
    """Seed of its training; the profile's seed where absent."""
    training: TrainingOptions = TrainingOptions()
    grid: Annotated[Grid | None, Neutral(None)] = None
    """Values of ``parent``, ``mix``, ``rank``, ``seed`` and keys of ``training``: the file declares a variant for every
    combination of them, named by the file and its values."""
    member: Annotated[SkipJsonSchema[GridMember | None], Neutral(None)] = None
    """Which member of which grid it is; no key of a file."""
    auto: Literal["on_missing"] | None = None
    """``on_missing``: the sensor `new_variants` may train and evaluate the variant if its results are missing, also on
    a GPU. By default a person starts it."""

    @property
    def file(self) -> str:
        """The file that declares it."""
        return f"models/variants/{self.name if self.member is None else self.member.grid}.yaml"

    def where(self, key: str) -> str:
        """The file and key of a value; of an axis of a grid also the line."""
        axis = key.removeprefix("training.")
        line = None if self.member is None else self.member.lines.get(axis)
        return f"{self.file}, {key}" if line is None else f"{self.file}, line {line}, grid.{axis}"

    @model_validator(mode="after")
    def _complete(self) -> "Variant":
        if self.method == "imported" and self.adapter is None:
            raise ValueError("method 'imported' needs an adapter: {repo: ..., revision: ...} or {path: ...}")
        if self.method != "imported" and self.adapter is not None:
            raise ValueError(f"adapter applies to method 'imported' only, not to '{self.method}'")
        if not self.is_trained:
            if self.mix or self.rank or self.seed is not None or self.training.model_dump(exclude_none=True):
                raise ValueError(f"method '{self.method}' trains nothing: mix, rank, seed and training do not apply")
        elif self.mix is None or self.rank is None:
            raise ValueError(f"method '{self.method}' needs a mix and a rank")
        for name in ("beta", "loss", "label_smoothing"):
            if self.method == "sft" and getattr(self.training, name) is not None:
                raise ValueError(f"{name} applies to kto and dpo only")
        return self

    @property
    def is_trained(self) -> bool:
        """Whether its adapter is trained here."""
        return self.method not in ("none", "imported")

    @property
    def has_adapter(self) -> bool:
        """Whether it answers with an adapter, wherever that was trained."""
        return self.method != "none"
