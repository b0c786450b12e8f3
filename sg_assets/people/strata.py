"""Strata of judged answers: where a label of a person says most about the judges."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import polars as pl

NEAR: Final = 0.2
"""The part of the answers on a judge's side of the threshold that counts as near it."""


def with_strata(judged: "pl.DataFrame", thresholds: "Mapping[str, float]") -> "pl.DataFrame":
    """Judged answers with a column ``stratum``.

    ``disagree`` where judges of the flag disagree. Else by what they say (``raised`` or ``not raised``), and whether
    the answer is among those ``near`` the threshold of some judge or ``far`` from all. Near is a matter of ranks, so
    that judges may score on any scale.

    Args:
        judged: A column of scores per judge.
        thresholds: The threshold of each column; a score at or above it raises the flag.
    """
    import polars as pl

    raised = [pl.col(column) >= cut for column, cut in thresholds.items()]
    near = pl.any_horizontal(_is_near(pl.col(column), cut) for column, cut in thresholds.items())
    side = pl.when(raised[0]).then(pl.lit("raised")).otherwise(pl.lit("not raised"))
    nearness = pl.when(near).then(pl.lit("near")).otherwise(pl.lit("far"))
    agree = pl.all_horizontal(raised) == pl.any_horizontal(raised)
    return judged.with_columns(
        stratum=pl.when(agree).then(pl.concat_str(side, nearness, separator=", ")).otherwise(pl.lit("disagree"))
    )


def _is_near(score: "pl.Expr", cut: float) -> "pl.Expr":
    import polars as pl

    raised = score >= cut
    return (score - cut).abs().rank("min").over(raised) <= NEAR * pl.len().over(raised)


def allocation(sizes: Mapping[str, int], count: int) -> dict[str, int]:
    """How many to draw from each stratum: as equally as their sizes allow.

    Args:
        sizes: The size of each stratum.
        count: How many to draw from all; all there are, where these are fewer.
    """
    drawn: dict[str, int] = {}
    left = count
    smallest_first = sorted(sizes, key=lambda stratum: (sizes[stratum], stratum))
    for number, stratum in enumerate(smallest_first):
        share = left // (len(sizes) - number)
        drawn[stratum] = min(sizes[stratum], share)
        left -= drawn[stratum]
    return drawn
