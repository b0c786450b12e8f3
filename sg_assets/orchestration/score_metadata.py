"""Metadata of a table of scores in the Dagster UI."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import dagster as dg

from sg_assets.declarations.judge_kinds import DEMO_JUDGED
from sg_assets.declarations.kinds.registry import kind_of
from sg_assets.lineage.demo_judged import demo_judged_of
from sg_assets.orchestration.project import Project
from sg_assets.orchestration.why_metadata import candidate_change, shown_past, what_changed
from sg_assets.store.manifests import Manifest
from sg_assets.store.quarantine import QuarantinedError
from sg_assets.text.markdown import escaped


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
        marks = dict.fromkeys(demo_judged_of(project.store, manifest))
        marked = {DEMO_JUDGED: dg.MetadataValue.text(" ".join(marks))} if marks else {}
        judged = shown_past("judges", lambda: _judges(project, manifest))
        shown = {**judged, **marked, **changed}
        return {**shown, "scores": dg.MetadataValue.md(_table(whole)), **parts, **numbers}

    return metadata


def _judges(project: Project, manifest: Manifest) -> dict[str, dg.MetadataValue]:
    """Whether the judges behind a score are aligned with people; nothing where none is held to a bound."""
    from sg_assets.people.judge_standing import score_standings

    standings = score_standings(project.store, project.declared, manifest)
    lines = "\n".join(f"- {escaped(str(standing))}" for standing in standings)
    return {"judges": dg.MetadataValue.md(lines)} if lines else {}


def quarantined_score(project: Project, error: QuarantinedError) -> dict[str, dg.MetadataValue]:
    """Metadata of the failed checks of a score in quarantine: its values, and its change against the published version.

    Empty where no candidate of the step is a score.
    """
    score = next((candidate for candidate in error.candidates if kind_of(candidate.asset).has_items), None)
    if score is None:
        return {}

    def values() -> dict[str, dg.MetadataValue]:
        import polars as pl

        rows = pl.read_parquet(project.store.path(score)).sort("metric", "slice").to_dicts()
        return {"scores": dg.MetadataValue.md(_table([row for row in rows if ":" not in row["slice"]]))}

    return {**candidate_change(project, score), **shown_past("scores", values)}


def _table(rows: Sequence[Mapping[str, Any]]) -> str:
    lines = [
        f"| {row['metric']} | {row['slice']} | {row['value']:.1%} | {_interval(row)} | {row['n']} |" for row in rows
    ]
    return "\n".join(["| metric | slice | value | 95 % interval | n |", "|---|---|---|---|---|", *lines])


def _interval(row: Mapping[str, Any]) -> str:
    low, high = row["low"], row["high"]
    return "none" if low is None or high is None else f"{low:.1%} to {high:.1%}"
