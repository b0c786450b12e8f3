"""A grid: the axes along which one file declares many variants."""

from collections.abc import Mapping
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, Field

from sg_assets.declarations.names import SafeName
from sg_assets.declarations.records.base import Record
from sg_assets.declarations.records.training import Losses, Schedule, Weights

T = TypeVar("T")


def _each_once(values: tuple[T, ...]) -> tuple[T, ...]:
    for value in values:
        if values.count(value) > 1:
            raise ValueError(f"{value} stands there twice: each variant is made once")
    return values


Several = Annotated[tuple[T, ...], Field(min_length=1), AfterValidator(_each_once)]


class Grid(Record):
    """The values of each axis; every combination of them is a variant. What a value may be, the variant's key says."""

    parent: Several[SafeName] | None = None
    mix: Several[SafeName] | None = None
    rank: Several[int] | None = None
    seed: Several[int] | None = None
    learning_rate: Several[float] | None = None
    epochs: Several[float] | None = None
    batch_size: Several[int] | None = None
    gradient_accumulation: Several[int] | None = None
    beta: Several[float] | None = None
    loss: Several[Losses] | None = None
    label_smoothing: Several[float] | None = None
    max_length: Several[int] | None = None
    warmup_ratio: Several[float] | None = None
    lr_scheduler: Several[Schedule] | None = None
    weight_decay: Several[float] | None = None
    target_modules: Several[tuple[str, ...]] | None = None
    dtype: Several[Weights] | None = None
    gradient_checkpointing: Several[bool] | None = None
    threads: Several[int] | None = None
    logging_steps: Several[int] | None = None

    @property
    def axes(self) -> dict[str, tuple[Any, ...]]:
        """The values by axis, in the order of the fields: the order of a file means nothing."""
        axes = {name: getattr(self, name) for name in type(self).model_fields}
        return {name: values for name, values in axes.items() if values is not None}


class GridMember(Record):
    """Which member of which grid a variant is."""

    grid: SafeName
    """The name of the grid's file."""
    lines: Mapping[str, int]
    """The line of each of these values in the grid's file."""
