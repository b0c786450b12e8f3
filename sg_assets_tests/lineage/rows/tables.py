"""A table to compare, and the comparison of two of its versions."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

from sg_assets.lineage.rows.row_diff import RowDiff, row_diff

OLD = pl.DataFrame(
    {
        "id": [f"k{n:03d}" for n in range(100)],
        "template_id": [("reply", "sum")[n % 2] if n < 80 else "joke" for n in range(100)],
        "prompt": [f"say {n}" for n in range(100)],
        "n": list(range(100)),
    }
)


def diff(folder: Path, old: pl.DataFrame, new: pl.DataFrame, key: Sequence[str] = ("id",), **options: Any) -> RowDiff:
    old.write_parquet(folder / "old.parquet")
    new.write_parquet(folder / "new.parquet")
    return row_diff(folder / "old.parquet", folder / "new.parquet", key, folder / "scratch", **options)
