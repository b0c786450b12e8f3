"""The summary of a status: counts by state, causes, and a line per group of partitions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sg_assets.lineage.causes import Cause
from sg_assets.status.partition_status import MISSING_NOTE, PartitionStatus, State
from sg_assets.status.render.text import need, reason
from sg_assets.store.refs import Ref


@dataclass(frozen=True)
class SummaryLine:
    """Partitions of one asset with the same state, need and reason."""

    asset: str
    partitions: tuple[str, ...]
    """Partition keys; empty for an asset without partitions."""
    state: State
    need: str
    """What bringing them up to date takes, in words."""
    reason: str
    """Why they are not current, in words."""

    @property
    def name(self) -> str:
        """``schema/table[first, second]``."""
        return f"{self.asset}[{', '.join(self.partitions)}]" if self.partitions else self.asset


@dataclass(frozen=True)
class Summary:
    """A status as it is shown."""

    counts: Mapping[State, int]
    """Partitions by state."""
    causes: Sequence[tuple[Cause, int]]
    """Causes with the number of partitions each makes out of date, the largest first. Missing inputs have a line."""
    lines: Sequence[SummaryLine]
    """Partitions grouped by state and reason."""
    undeclared: Sequence[Ref]
    """Partitions with versions that are no longer declared."""
    accepted: int = 0
    """Partitions that count as made by today's code by an acceptance."""
    judges: Sequence[str] = ()
    """Whether judges that are held to a bound are aligned with people, a sentence each."""


def summary(
    partitions: Iterable[PartitionStatus],
    undeclared: Sequence[Ref],
    *,
    every: bool = False,
    judges: Sequence[str] = (),
) -> Summary:
    """Summarise a status.

    Args:
        partitions: The status of the selected partitions.
        undeclared: Partitions with versions that are no longer declared.
        every: Whether current partitions get a line as well.
        judges: Whether judges that are held to a bound are aligned with people, a sentence each.
    """
    statuses = list(partitions)
    listed = [status for status in statuses if every or status.state is not State.CURRENT]
    accepted = sum(status.accepted is not None for status in statuses)
    return Summary(_counts(statuses), _causes(statuses), _lines(listed), undeclared, accepted, judges)


def _counts(statuses: Sequence[PartitionStatus]) -> dict[State, int]:
    states = [status.state for status in statuses]
    return {state: states.count(state) for state in State if state in states}


def _causes(statuses: Iterable[PartitionStatus]) -> list[tuple[Cause, int]]:
    counted: dict[tuple[object, ...], tuple[Cause, int]] = {}
    for cause in (cause for status in statuses for cause in status.causes if cause.note != MISSING_NOTE):
        first, times = counted.get(cause.identity, (cause, 0))
        counted[cause.identity] = (first, times + 1)
    return sorted(counted.values(), key=lambda counted_cause: -counted_cause[1])


def _lines(statuses: Iterable[PartitionStatus]) -> list[SummaryLine]:
    """Lines in the order given; partitions of one asset with equal texts share a line."""
    grouped: dict[tuple[str, State, str, str], list[str]] = {}
    for status in statuses:
        key = (status.ref.asset, status.state, need(status), reason(status))
        grouped.setdefault(key, []).extend([status.ref.partition] if status.ref.partition else [])
    return [SummaryLine(asset, tuple(keys), *rest) for (asset, *rest), keys in grouped.items()]  # type: ignore[arg-type]
