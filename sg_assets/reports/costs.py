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


def cost(variant: str, adapters: Iterable[Manifest]) -> Cost:
    """The cost of a variant from all adapters in its lineage, its own among them."""
    trained = list(adapters)
    own = next((one for one in trained if one.partition == variant), None)
    return Cost(
        variant=variant,
        seconds=0.0 if own is None else _seconds(own),
        seconds_with_parents=sum(_seconds(one) for one in trained),
        examples=0 if own is None else int(own.details["train_rows"]),
        tokens=0 if own is None else int(own.details["tokens_seen"]),
    )


def _seconds(adapter: Manifest) -> float:
    return float(adapter.details["run"]["seconds"])
