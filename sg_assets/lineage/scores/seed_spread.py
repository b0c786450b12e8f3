"""How far trainings of one variant lie apart, so that a move can be told from what another seed would have given."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from sg_assets.errors import SgAssetsError
from sg_assets.store.manifests import Manifest
from sg_assets.store.refs import Ref
from sg_assets.store.store import Store

Replicates = Mapping[str, Sequence[str]]
"""Names of the further trainings of a variant, by its own."""
Group = tuple[str, str]
"""Metric and slice."""


@dataclass(frozen=True)
class Spread:
    """The noise of one training."""

    deviation: float
    """Standard deviation of the score between trainings, in its own unit."""
    runs: int
    """Trainings it is estimated from."""

    def arm(self, level: float) -> float:
        """How far apart two trainings may lie by chance: Student's t, for the difference of two."""
        from scipy.special import stdtrit

        return float(stdtrit(self.runs - 1, (1 + level) / 2)) * self.deviation * 2**0.5


def spreads(store: Store, score: Manifest, replicates: Replicates) -> dict[Group, Spread]:
    """The spread of each score of a variant over its current trainings, the version itself among them.

    Nothing where the variant was trained once, or a further training is not scored yet.
    """
    further = replicates.get(score.partition or "", ())
    if not further:
        return {}
    heads = [store.head(Ref.of(score.asset, name)) for name in further]
    tables = [table for one in (score, *heads) if one is not None and (table := _scores(store, one)) is not None]
    rows = pl.concat(tables).group_by("metric", "slice", maintain_order=True).agg("value").rows() if tables else []
    return {
        (metric, slice_): Spread(statistics.stdev(values), len(values))
        for metric, slice_, values in rows
        if len(values) == 1 + len(further)
    }


def _scores(store: Store, version: Manifest) -> pl.DataFrame | None:
    try:
        return pl.read_parquet(store.path(version), columns=["metric", "slice", "value"])
    except (SgAssetsError, FileNotFoundError):
        return None
