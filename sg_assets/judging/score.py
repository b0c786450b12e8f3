"""Scoring tables of answers with fitted judges."""

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from sg_assets.judging.linear import LinearJudge


def score_responses(answers: pl.DataFrame, judges: Mapping[str, Path]) -> pl.DataFrame:
    """Add a raw score column per judge; null where there is no response (its outcome is not ``ok``).

    Args:
        answers: Has a column ``response``.
        judges: Score column to the judge's folder.
    """
    answered = answers.with_row_index("_row").filter(pl.col("response").is_not_null())
    texts = answered["response"].to_list()
    scores = answered.select("_row").with_columns(
        pl.Series(column, LinearJudge.load(folder).score(texts), dtype=pl.Float64) for column, folder in judges.items()
    )
    return answers.with_row_index("_row").join(scores, on="_row", how="left", maintain_order="left").drop("_row")
