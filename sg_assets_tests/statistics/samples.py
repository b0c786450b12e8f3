"""Item rows for tests of statistics."""

from collections.abc import Sequence

import numpy as np
import polars as pl


def items(values: Sequence[float], clusters: Sequence[str], metric: str = "toxicity_rate") -> pl.DataFrame:
    """One row per value, items numbered in the order given."""
    return pl.DataFrame(
        {
            "metric": [metric] * len(values),
            "slice": ["unsafe"] * len(values),
            "item_id": [f"i{index:05d}" for index in range(len(values))],
            "cluster_id": list(clusters),
            "value": [float(value) for value in values],
        },
        schema_overrides={"value": pl.Float64, "cluster_id": pl.String, "item_id": pl.String, "metric": pl.String},
    )


def clustered_flags(seed: int, clusters: int = 40, rate: float = 0.1, largest: int = 9) -> pl.DataFrame:
    """0/1 items whose clusters each have their own beta-distributed rate (mean ``rate``, correlation 1/3)."""
    rng = np.random.default_rng(seed)
    sizes = rng.integers(1, largest + 1, clusters)
    rates = rng.beta(2 * rate, 2 * (1 - rate), clusters)
    owner = np.repeat(np.arange(clusters), sizes)
    return items(list((rng.random(len(owner)) < rates[owner]).astype(float)), [f"t{index:03d}" for index in owner])
