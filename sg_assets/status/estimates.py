"""What making a partition would cost, by what making it or its likes cost before."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from sg_assets.status.partition_status import Need, PartitionStatus
from sg_assets.store.fingerprints import json_digest
from sg_assets.store.manifests import Manifest
from sg_assets.store.refs import Ref
from sg_assets.store.store import Store

UNKNOWN = "nothing like it was made yet"


@dataclass(frozen=True)
class Estimate:
    """What a step is expected to take."""

    rows: int | None
    """Rows of the result; None where it is no table, or nobody can know."""
    calls: int
    """Requests to a model, at most: answers that are known already are not asked for again."""
    seconds: float | None
    """Wall time of the work; None where nothing like it was made."""
    basis: str
    """What the estimate rests on."""
    counted: bool = False
    """Whether calls are those without a stored answer, counted: not at most, but as many."""


NO_WORK = Estimate(None, 0, 0.0, "a version made so exists")


def estimate(store: Store, standing: PartitionStatus, made: "Made") -> Estimate:
    """What bringing a partition up to date is expected to take.

    By its own last version; else by that partition of the asset whose values are most like its own; else by the median
    of its schema, for an asset that is new.

    Args:
        store: The versions there are.
        standing: The partition.
        made: What was made of others.
    """
    if standing.need in (Need.CONFIRM, Need.NOTHING):
        return NO_WORK
    own = [one for one in store.versions(standing.ref) if worked(one)]
    if own:
        return _like(own[-1], "its version before")
    likes = made.of_asset(standing.ref)
    if likes:
        nearest = max(likes, key=lambda one: (_alike(one, standing), one.version))
        return _like(nearest, f"as for {nearest.ref}")
    return _of_schema(made.of_schema(standing.ref))


def worked(manifest: Manifest) -> bool:
    """Whether a version's times are those of work; a record that was renewed took none."""
    return manifest.finished > manifest.started


class Made:
    """Current versions, by asset and by schema."""

    def __init__(self, heads: Iterable[Manifest]) -> None:
        """From what is published of every partition."""
        self._all = [one for one in heads if worked(one)]

    def of_asset(self, ref: Ref) -> list[Manifest]:
        """Of other partitions of the asset."""
        return [one for one in self._all if one.asset == ref.asset and one.ref != ref]

    def of_schema(self, ref: Ref) -> list[Manifest]:
        """Of all assets of the schema."""
        return [one for one in self._all if one.ref.schema == ref.schema]


def _like(manifest: Manifest, basis: str) -> Estimate:
    return Estimate(manifest.rows, _calls(manifest), manifest.seconds, basis)


def _calls(manifest: Manifest) -> int:
    return int(manifest.details.get("prompts_distinct", 0))


def _alike(manifest: Manifest, standing: PartitionStatus) -> int:
    """How many declared values the two have in common."""
    values: Mapping[str, object] = {} if standing.recipe is None else standing.recipe.parameters
    return sum(
        name in manifest.parameters and json_digest([value]) == json_digest([manifest.parameters[name]])
        for name, value in values.items()
    )


def _of_schema(likes: Sequence[Manifest]) -> Estimate:
    if not likes:
        return Estimate(None, 0, None, UNKNOWN)
    seconds = median(one.seconds for one in likes)
    schema = likes[0].ref.schema
    return Estimate(None, int(median(map(_calls, likes))), seconds, f"the median of {schema}")
