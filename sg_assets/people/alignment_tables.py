"""Judges compared with people, as Markdown tables."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import polars as pl

from sg_assets.text.markdown import escaped

_STATES: Final = {True: "aligned", False: "**not aligned**", None: ""}


def accuracy_table(file: Path) -> str:
    """Each judge's accuracy, by slice."""
    rows = pl.read_parquet(file).sort("flag", "judge", pl.col("slice") != "all", "slice").to_dicts()
    lines = [
        f"| {row['flag']} | {row['judge']} | {escaped(row['slice'])} | {row['labels']} |"
        f" {_rate(row, 'sensitivity')} | {_rate(row, 'specificity')} | {_STATES[row['aligned']]} |"
        for row in rows
    ]
    return _table(["flag", "judge", "slice", "labels", "sensitivity", "specificity", "state"], lines)


def agreement_table(file: Path) -> str:
    """The agreement of every two people."""
    rows = pl.read_parquet(file).sort("flag", "annotator", "other_annotator").to_dicts()
    lines = [
        f"| {row['flag']} | {escaped(row['annotator'])} | {escaped(row['other_annotator'])} | {row['answers']} |"
        f" {_rate(row, 'agreement')} | {_kappa(row)} |"
        for row in rows
    ]
    return _table(["flag", "person", "other person", "answers", "agreement", "kappa"], lines)


def _table(header: Sequence[str], lines: Sequence[str]) -> str:
    return "\n".join([f"| {' | '.join(header)} |", "|---" * len(header) + "|", *lines])


def _rate(row: Mapping[str, Any], name: str) -> str:
    value, low, high = (row[f"{name}{end}"] for end in ("", "_low", "_high"))
    if value is None:
        return "not measured"
    return f"{value:.1%}" if low is None else f"{value:.1%} ({low:.1%} to {high:.1%})"


def _kappa(row: Mapping[str, Any]) -> str:
    if row["kappa"] is None:
        return "none: one label alone"
    ends = "" if row["kappa_low"] is None else f" ({row['kappa_low']:.2f} to {row['kappa_high']:.2f})"
    return f"{row['kappa']:.2f}{ends}"
