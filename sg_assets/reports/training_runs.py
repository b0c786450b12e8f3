"""Scores of variants that were trained several times, joined into one row per variant."""

from collections.abc import Mapping

import polars as pl

_ABOUT = ("benchmark", "metric", "slice")


def with_runs(scores: pl.DataFrame, replicates: Mapping[str, tuple[str, ...]]) -> pl.DataFrame:
    """The rows of the variants, each with the values of every training in a column ``runs``.

    A further training with another measure (another ``remark``) is left out.

    Args:
        scores: Rows with ``benchmark``, ``variant``, ``metric``, ``slice``, ``value`` and ``remark``.
        replicates: Names of the further trainings, by variant.
    """
    declared = pl.DataFrame(
        [(name, run, index) for name, names in replicates.items() for index, run in enumerate(names)],
        schema={"of": pl.String, "variant": pl.String, "place": pl.Int64}, orient="row",
    )  # fmt: skip
    further = scores.join(declared, on="variant").select("of", "place", *_ABOUT, "remark", run="value")
    own = scores.join(declared, on="variant", how="anti")
    key = [*_ABOUT, "remark"]
    runs_of = (
        own.join(further, left_on=["variant", *key], right_on=["of", *key])
        .sort("place")
        .group_by("variant", *key, maintain_order=True)
        .agg(runs=pl.concat_list(pl.col("value").first(), pl.col("run").implode()).first())
    )
    return own.join(runs_of, on=["variant", *key], how="left", maintain_order="left")
