"""Metadata of a table of scores in the Dagster UI."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import dagster as dg

from sg_assets.orchestration.project import Project
from sg_assets.orchestration.why_metadata import what_changed
from sg_assets.store.manifests import Manifest


def score_table(project: Project) -> Callable[[Manifest], dict[str, dg.MetadataValue]]:
    """Metadata of a table of scores: what changed, the scores of whole slices, and those within slices apart."""

    def metadata(manifest: Manifest) -> dict[str, dg.MetadataValue]:
        import polars as pl

        rows = pl.read_parquet(project.store.path(manifest)).sort("metric", "slice").to_dicts()
        # A slice within a label ("unsafe:template=roast") is for looking up, not for the overview.
        whole = [row for row in rows if ":" not in row["slice"]]
        within = [row for row in rows if ":" in row["slice"]]
        numbers = {f"{row['metric']}_{row['slice']}": dg.MetadataValue.float(row["value"]) for row in whole}
        parts = {"scores_within": dg.MetadataValue.md(_table(within))} if within else {}
        changed = what_changed(project, manifest)
        return {**changed, "scores": dg.MetadataValue.md(_table(whole)), **parts, **numbers}

    return metadata


def _table(rows: Sequence[Mapping[str, Any]]) -> str:
    lines = [
        f"| {row['metric']} | {row['slice']} | {row['value']:.1%} | {_interval(row)} | {row['n']} |" for row in rows
    ]
    return "\n".join(["| metric | slice | value | 95 % interval | n |", "|---|---|---|---|---|", *lines])


def _interval(row: Mapping[str, Any]) -> str:
    low, high = row["low"], row["high"]
    return "none" if low is None or high is None else f"{low:.1%} to {high:.1%}"
