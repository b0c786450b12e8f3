"""What a variant cost to train, beside what it gained."""

from collections.abc import Iterable
from dataclasses import dataclass

from sg_assets.store.manifests import Manifest


@dataclass(frozen=True)
class Cost:
    """The trainings behind a variant; nothing for a model as it is."""

    variant: str
    seconds: float
    """Wall time of its own training, its process's start included."""
    seconds_with_parents: float
    """The same with the trainings of the adapters it goes on from."""
    examples: int
    """Rows of its own training, each epoch once."""
    tokens: int
    """Tokens its own training saw."""
    tokens_with_parents: int = 0
    """The same with the trainings of the adapters it goes on from."""
    money: float | None = None
    """Price of all its trainings, in the currency the profile names; None where it names no price."""


def cost(variant: str, adapters: Iterable[Manifest], hour: float | None = None) -> Cost:
    """The cost of a variant from all adapters in its lineage, its own among them.

    Args:
        variant: The variant.
        adapters: The adapters.
        hour: Price of an hour of training, where one is declared.
    """
    trained = list(adapters)
    own = next((one for one in trained if one.partition == variant), None)
    seconds = sum(_seconds(one) for one in trained)
    return Cost(
        variant=variant,
        seconds=0.0 if own is None else _seconds(own),
        seconds_with_parents=seconds,
        examples=0 if own is None else int(own.details["train_rows"]),
        tokens=0 if own is None else _tokens(own),
        tokens_with_parents=sum(_tokens(one) for one in trained),
        money=None if hour is None else seconds / 3600 * hour,
    )


def _tokens(adapter: Manifest) -> int:
    return int(adapter.details["tokens_seen"])


def _seconds(adapter: Manifest) -> float:
    return float(adapter.details["run"]["seconds"])
