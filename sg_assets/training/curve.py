"""A run's log as a table."""

from collections.abc import Sequence
from typing import Any

import polars as pl

CURVE_SCHEMA: dict[str, pl.DataType] = {
    "step": pl.Int64(),
    "epoch": pl.Float64(),
    "loss": pl.Float64(),
    "dev_loss": pl.Float64(),
    "learning_rate": pl.Float64(),
    "grad_norm": pl.Float64(),
    "reward_margin": pl.Float64(),
    "reward_chosen": pl.Float64(),
    "reward_rejected": pl.Float64(),
    "kl": pl.Float64(),
}
"""Columns of ``curve.parquet``, by step. ``dev_loss`` is the dev rows' loss after the step. ``loss``, the rewards (beta
times nats; of KTO and DPO) and ``kl`` (nats; of KTO) are means over the steps since the last row that has them. Null
where a value was not measured."""

_LOGGED_AS = {
    "dev_loss": "eval_loss",
    "reward_margin": "rewards/margins",
    "reward_chosen": "rewards/chosen",
    "reward_rejected": "rewards/rejected",
}


def curve(log_history: Sequence[dict[str, Any]]) -> pl.DataFrame:
    """The trainer's log as a table of :data:`CURVE_SCHEMA`, one row per step with a loss or a dev loss."""
    steps: dict[int, dict[str, Any]] = {}
    for entry in log_history:
        if "loss" in entry or "eval_loss" in entry:
            steps.setdefault(entry["step"], {}).update(entry)
    columns = {name: [entry.get(_LOGGED_AS.get(name, name)) for entry in steps.values()] for name in CURVE_SCHEMA}
    return pl.DataFrame(columns, schema=CURVE_SCHEMA, strict=False)


def mean_loss(curve: pl.DataFrame) -> float:
    """The mean loss over all steps, from a curve whose last step is logged."""
    logged = curve.drop_nulls("loss")
    spans = logged["step"] - logged["step"].shift(1, fill_value=0)
    return float((logged["loss"] * spans).sum() / logged["step"][-1])
