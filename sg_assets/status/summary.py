"""What to show of a status: how many stand how, what is behind it, and which partitions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sg_assets.lineage.causes import Cause
from sg_assets.status.partition_status import MISSING_NOTE, PartitionStatus, State
from sg_assets.status.render.text import need, reason
from sg_assets.store.refs import Ref


@dataclass(frozen=True)
class Line:
    """Partitions of one asset that stand alike."""

    asset: str
    partitions: tuple[str, ...]
    """Empty where the asset has no partitions."""
    state: State
    need: str
    """What bringing them up to date takes."""
    reason: str

    @property
    def name(self) -> str:
        """``schema/table[one, two]``."""
        return f"{self.asset}[{', '.join(self.partitions)}]" if self.partitions else self.asset


@dataclass(frozen=True)
class Summary:
    """A status as it is shown."""

    counts: Mapping[State, int]
    causes: Sequence[tuple[Cause, int]]
    """What is behind partitions that are out of date, and how many; the most first. What is missing has a line."""
    lines: Sequence[Line]
    undeclared: Sequence[Ref]
    """Partitions with a history that are no longer declared."""
    accepted: int = 0
    """How many count as made by today's code by an acceptance."""


def summary(standings: Iterable[PartitionStatus], undeclared: Sequence[Ref], *, every: bool = False) -> Summary:
    """What to show.

    Args:
        standings: The partitions asked about.
        undeclared: Partitions that only history knows.
        every: Whether those that are current get a line too.
    """
    found = list(standings)
    shown = [one for one in found if every or one.state is not State.CURRENT]
    accepted = sum(standing.accepted is not None for standing in found)
    return Summary(_counts(found), _causes(found), _lines(shown), undeclared, accepted)


def _counts(standings: Sequence[PartitionStatus]) -> dict[State, int]:
    states = [one.state for one in standings]
    return {state: states.count(state) for state in State if state in states}


def _causes(standings: Iterable[PartitionStatus]) -> list[tuple[Cause, int]]:
    counted: dict[tuple[object, ...], tuple[Cause, int]] = {}
    for cause in (one for standing in standings for one in standing.causes if one.note != MISSING_NOTE):
        first, times = counted.get(cause.identity, (cause, 0))
        counted[cause.identity] = (first, times + 1)
    return sorted(counted.values(), key=lambda found: -found[1])


def _lines(standings: Iterable[PartitionStatus]) -> list[Line]:
    """In the order given, partitions of one asset that read alike on one line."""
    alike: dict[tuple[str, State, str, str], list[str]] = {}
    for one in standings:
        key = (one.ref.asset, one.state, need(one), reason(one))
        alike.setdefault(key, []).extend([one.ref.partition] if one.ref.partition else [])
    return [Line(asset, tuple(keys), *rest) for (asset, *rest), keys in alike.items()]  # type: ignore[arg-type]
