"""How far trainings of one variant lie apart: a smaller move is no more than another seed would give."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from sg_assets.errors import SgAssetsError
from sg_assets.lineage.stored_versions import stored_rows
from sg_assets.store.manifests import Manifest
from sg_assets.store.refs import Ref
from sg_assets.store.store import Store

Replicates = Mapping[str, Sequence[str]]
"""Names of the further trainings of a variant, by the variant's name."""
MetricSlice = tuple[str, str]
"""Metric and slice."""


@dataclass(frozen=True)
class SeedSpread:
    """How far trainings of a variant lie apart in one score."""

    deviation: float
    """Standard deviation of the score between trainings, in the score's unit."""
    runs: int
    """Trainings that the deviation is estimated from."""

    def arm(self, level: float) -> float:
        """How far apart two trainings may lie by chance: Student's t, for the difference of two."""
        from scipy.special import stdtrit

        return float(stdtrit(self.runs - 1, (1 + level) / 2)) * self.deviation * 2**0.5


def spreads(store: Store, score: Manifest, replicates: Replicates) -> dict[MetricSlice, SeedSpread]:
    """The spread of each score of a variant over its current trainings, the version itself among them.

    Empty where the variant was trained once, or a further training is not scored yet.
    """
    further = replicates.get(score.partition or "", ())
    if not further:
        return {}
    heads = [_head(store, Ref.of(score.asset, name)) for name in further]
    versions = [version for version in (score, *heads) if version is not None]
    tables = [table for version in versions if (table := _scores(store, version)) is not None]
    rows = pl.concat(tables).group_by("metric", "slice", maintain_order=True).agg("value").rows() if tables else []
    return {
        (metric, slice_): SeedSpread(statistics.stdev(values), len(values))
        for metric, slice_, values in rows
        if len(values) == 1 + len(further)
    }


def _head(store: Store, ref: Ref) -> Manifest | None:
    """None where there is none, or its record cannot be read."""
    try:
        return store.head(ref)
    except SgAssetsError:
        return None


def _scores(store: Store, version: Manifest) -> pl.DataFrame | None:
    try:
        return stored_rows(store, version, ("metric", "slice", "value"))
    except SgAssetsError:
        return None
