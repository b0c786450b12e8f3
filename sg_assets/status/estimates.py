"""The expected cost of making a partition, from past versions of it or of similar partitions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from sg_assets.status.partition_status import Need, PartitionStatus
from sg_assets.status.spans import ANYTHING, Span
from sg_assets.store.fingerprints import json_digest
from sg_assets.store.manifests import Manifest
from sg_assets.store.refs import Ref
from sg_assets.store.store import Store

UNKNOWN = "no earlier version to estimate from"


@dataclass(frozen=True)
class StepEstimate:
    """The expected cost of a step."""

    rows: int | None
    """Rows of the result; None if it is no table, or not known before."""
    calls: int | None
    """Requests to a model, at most: stored answers are not asked for again. None if not known before."""
    seconds: float | None
    """Wall time of the work; None if no similar version exists."""
    basis: str
    """The versions that the estimate is based on, in words."""
    counted: bool = False
    """Whether ``calls`` is an exact count of the requests without a stored answer."""
    row_bounds: Span = ANYTHING
    """What declared sizes say of the rows, where no version does."""
    call_bounds: Span = ANYTHING
    """The same of the requests."""

    @property
    def row_span(self) -> Span:
        """The rows, within what is known of them."""
        return self.row_bounds if self.rows is None else Span.exactly(self.rows)

    @property
    def call_span(self) -> Span:
        """The requests, within what is known of them."""
        if self.calls is None:
            return self.call_bounds
        return Span.exactly(self.calls) if self.counted else Span(0, self.calls)


NO_WORK = StepEstimate(None, 0, 0.0, "a version with this recipe exists")


def estimate(store: Store, status: PartitionStatus, past: "PastVersions") -> StepEstimate:
    """The expected cost of bringing a partition up to date.

    It is that of the partition's last version; else of the partition of the asset with the most equal values; else the
    median of the schema, for a new asset.

    Args:
        store: The store of versions.
        status: The partition.
        past: Current versions of other partitions.
    """
    if status.need in (Need.CONFIRM, Need.NOTHING):
        return NO_WORK
    own = [version for version in store.versions(status.ref) if did_work(version)]
    if own:
        return _like(own[-1], "its previous version")
    likes = past.of_asset(status.ref)
    if likes:
        nearest = max(likes, key=lambda version: (_shared_values(version, status), version.version))
        return _like(nearest, f"as for {nearest.ref}")
    return _of_schema(past.of_schema(status.ref))


def did_work(manifest: Manifest) -> bool:
    """Whether a version's times are those of work; renewing a record takes none."""
    return manifest.finished > manifest.started


class PastVersions:
    """Current versions, by asset and by schema."""

    def __init__(self, heads: Iterable[Manifest]) -> None:
        """From the current versions of all partitions."""
        self._all = [version for version in heads if did_work(version)]

    def of_asset(self, ref: Ref) -> list[Manifest]:
        """Versions of other partitions of the asset."""
        return [version for version in self._all if version.asset == ref.asset and version.ref != ref]

    def of_schema(self, ref: Ref) -> list[Manifest]:
        """Versions of all assets of the schema."""
        return [version for version in self._all if version.ref.schema == ref.schema]


def _like(manifest: Manifest, basis: str) -> StepEstimate:
    return StepEstimate(manifest.rows, _calls(manifest), manifest.seconds, basis)


def _calls(manifest: Manifest) -> int:
    return int(manifest.details.get("prompts_distinct", 0))


def _shared_values(manifest: Manifest, status: PartitionStatus) -> int:
    """How many declared values the two have in common."""
    values: Mapping[str, object] = {} if status.recipe is None else status.recipe.parameters
    return sum(
        name in manifest.parameters and json_digest([value]) == json_digest([manifest.parameters[name]])
        for name, value in values.items()
    )


def _of_schema(likes: Sequence[Manifest]) -> StepEstimate:
    if not likes:
        return StepEstimate(None, None, None, UNKNOWN)
    seconds = median(version.seconds for version in likes)
    schema = likes[0].ref.schema
    return StepEstimate(None, int(median(map(_calls, likes))), seconds, f"the median of {schema}")
