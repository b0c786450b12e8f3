"""Drawing answers for people to label, each with the probability that it was to be drawn."""

from typing import TYPE_CHECKING, Final

from sg_assets.people.strata import allocation
from sg_assets.store.engine import connect, query

if TYPE_CHECKING:
    import polars as pl

RANDOM_SHARE: Final = 0.25
"""The part of a sample that is drawn from all answers alike."""
_RANKS: Final = """
WITH keyed AS (SELECT *, concat_ws('/', benchmark, variant, item_id) AS key FROM judged_answers)
SELECT benchmark, variant, item_id,
  row_number() OVER (ORDER BY sample_rank('label at random', $seed, key)) AS of_all,
  row_number() OVER (PARTITION BY stratum ORDER BY sample_rank('label', $seed, key)) AS of_stratum,
  row_number() OVER (ORDER BY sample_rank('label order', $seed, key)) AS position
FROM keyed ORDER BY benchmark, variant, item_id
"""
"""The rank of each answer in three orders that have nothing to do with each other."""


def draw(judged: "pl.DataFrame", count: int, *, seed: int) -> "pl.DataFrame":
    """A sample of judged answers, with ``inclusion``, ``at_random`` and ``position``.

    Two samples, each independent of the other: one of all answers alike, and one that takes as many answers of each
    stratum as the sizes allow. An answer of a stratum of N_h, of which n_h are drawn, is in one of them with the
    probability ``1 - (1 - n / N) (1 - n_h / N_h)``: known for each, so that rates over all answers follow from the
    sample without bias.

    Args:
        judged: ``benchmark``, ``variant``, ``item_id`` and ``stratum``; a row per answer.
        count: How many to draw. Those drawn twice count once, so a few less may come out.
        seed: Decides which.

    Returns:
        The drawn rows, sorted by benchmark, variant and item; ``position`` is their order in a sheet, in which no
        stratum comes first.
    """
    import polars as pl

    size, whole = judged.height, count >= judged.height
    sizes: dict[str, int] = dict(judged.group_by("stratum").len().sort("stratum").iter_rows())
    at_random = size if whole else round(count * RANDOM_SHARE)
    shares = sizes if whole else allocation(sizes, count - at_random)
    with connect() as connection:
        connection.register("judged_answers", judged.select("benchmark", "variant", "item_id", "stratum"))
        ranks = query(connection, _RANKS, {"seed": seed})
    missed = {stratum: (1 - at_random / size) * (1 - shares[stratum] / sizes[stratum]) for stratum in sizes}
    share = pl.col("stratum").replace_strict(shares, return_dtype=pl.Int64)
    return (
        judged.join(ranks, on=["benchmark", "variant", "item_id"])
        .with_columns(at_random=pl.col("of_all") <= at_random)
        .filter(pl.col("at_random") | (pl.col("of_stratum") <= share))
        .with_columns(
            inclusion=1 - pl.col("stratum").replace_strict(missed, return_dtype=pl.Float64),
            position=pl.col("position").rank("ordinal").cast(pl.Int64),
        )
        .drop("of_all", "of_stratum")
        .sort("benchmark", "variant", "item_id")
    )
