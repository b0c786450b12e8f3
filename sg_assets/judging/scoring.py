"""Scoring tables of answers with fitted judges."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from sg_assets.judging.linear import LinearJudge
from sg_assets.store.model_output_cache import cached_outputs


@dataclass(frozen=True)
class CachedJudge:
    """A judge and the folder of its cached scores."""

    folder: Path
    """Folder of the judge."""
    memory: Path
    """Scores of this judge alone, by text."""


def score_responses(answers: pl.DataFrame, judges: Mapping[str, CachedJudge]) -> pl.DataFrame:
    """Add a raw score column per judge; null where there is no response (its outcome is not ``ok``).

    Args:
        answers: Has a column ``response``.
        judges: The judge of each score column.
    """
    answered = answers.with_row_index("_row").filter(pl.col("response").is_not_null())
    scored = answered.select("_row").with_columns(
        scores(judge, answered["response"]).alias(column) for column, judge in judges.items()
    )
    return answers.with_row_index("_row").join(scored, on="_row", how="left", maintain_order="left").drop("_row")


def scores(judge: CachedJudge, texts: pl.Series) -> pl.Series:
    """The raw scores of texts, in their order; a text with a cached score is not scored again."""

    def score_unknown(unknown: list[str]) -> list[float]:
        values: list[float] = LinearJudge.load(judge.folder).score(unknown).tolist()
        return values

    return cached_outputs(judge.memory, texts, score_unknown)
