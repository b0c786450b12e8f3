"""Samples as lm-eval logs them, with values chosen by hand."""

from typing import Any

import polars as pl

from sg_assets.leaderboard.normalisation import Task

SIX = (
    Task("ifeval", "strict", {"ifeval": 0.0}),
    Task("bbh", "acc_norm", {"bbh_two": 0.5, "bbh_four": 0.25}, by_subtask=True),
    Task("math_hard", "exact_match", {"math_sums": 0.0}),
    Task("gpqa", "acc_norm", {"gpqa_one": 0.25, "gpqa_two": 0.25}, cluster="Question"),
    Task("musr", "acc_norm", {"musr_three": 1 / 3, "musr_five": 0.2}, by_subtask=True),
    Task("mmlu_pro", "acc", {"mmlu_pro": 0.1}),
)
"""Small tasks of the six kinds."""


def sample(position: int, question: str = "", **values: Any) -> dict[str, Any]:
    """One logged sample."""
    return {
        "doc_id": position,
        "doc_hash": f"{position:064x}",
        "doc": {"Question": question or f"q{position}"},
        **values,
    }


def half(right: int) -> list[float]:
    return [1.0] * right + [0.0] * (20 - right)


def raw_items(**values: list[float]) -> pl.DataFrame:
    frames = [
        pl.DataFrame({"value": some}).with_columns(
            metric=pl.lit("raw"), slice=pl.lit(name), item_id=pl.format(f"{name}:{{}}", pl.int_range(pl.len())),
            cluster_id=pl.format(f"{name}:{{}}", pl.int_range(pl.len())),
        )
        for name, some in values.items()
    ]  # fmt: skip
    return pl.concat(frames)
