"""Training cost of a variant."""

from collections.abc import Iterable
from dataclasses import dataclass

from sg_assets.store.manifests import Manifest


@dataclass(frozen=True)
class TrainingCost:
    """The cost of a variant's trainings; zero for an untrained model."""

    variant: str
    seconds: float
    """Wall time of its own training, with the start of its process."""
    seconds_with_parents: float
    """The same with the trainings of the adapters it continues."""
    examples: int
    """Rows of its own training, each epoch once."""
    tokens: int
    """Tokens its own training saw."""
    tokens_with_parents: int = 0
    """The same with the trainings of the adapters it continues."""
    money: float | None = None
    """Price of all its trainings, in the currency the profile names; None where it names no price."""


def cost(variant: str, adapters: Iterable[Manifest], hour: float | None = None) -> TrainingCost:
    """The cost of a variant from all adapters in its lineage, its own among them.

    Args:
        variant: The variant.
        adapters: The adapters.
        hour: Price of an hour of training, where one is declared.
    """
    trained = list(adapters)
    own = next((adapter for adapter in trained if adapter.partition == variant), None)
    seconds = sum(_seconds(adapter) for adapter in trained)
    return TrainingCost(
        variant=variant,
        seconds=0.0 if own is None else _seconds(own),
        seconds_with_parents=seconds,
        examples=0 if own is None else int(own.details["train_rows"]),
        tokens=0 if own is None else _tokens(own),
        tokens_with_parents=sum(_tokens(adapter) for adapter in trained),
        money=None if hour is None else seconds / 3600 * hour,
    )


def _tokens(adapter: Manifest) -> int:
    return int(adapter.details["tokens_seen"])


def _seconds(adapter: Manifest) -> float:
    return float(adapter.details["run"]["seconds"])
