"""Metadata that explains a score: its change since the version before with the causes, and its history."""

from collections.abc import Callable

import dagster as dg

from sg_assets.orchestration.metadata import png
from sg_assets.orchestration.project import Project
from sg_assets.store.manifests import Manifest

_STEPS = 5
"""Steps of a history shown on a materialization."""


def what_changed(project: Project, manifest: Manifest) -> dict[str, dg.MetadataValue]:
    """The main causes and a line per rate, and the last steps of its history with a picture.

    No change for a first version, or where the content is the same as before. Rows are not compared here: that is for
    the page, whose command is named. A past that cannot be read is said, and never an error: the version is published.
    """
    changed = shown_past("what_changed", lambda: _change(project, manifest))
    return {**changed, **shown_past("history", lambda: _history(project, manifest))}


def candidate_change(project: Project, candidate: Manifest) -> dict[str, dg.MetadataValue]:
    """The change that a score in quarantine would be against the published one: who publishes it decides by that."""

    def change() -> dict[str, dg.MetadataValue]:
        if project.store.head(candidate.ref) is None:
            return {"what_changed": dg.MetadataValue.text("no version is published to compare it with")}
        return _change(project, candidate)

    return shown_past("what_changed", change)


def shown_past(name: str, look: Callable[[], dict[str, dg.MetadataValue]]) -> dict[str, dg.MetadataValue]:
    """Metadata of the past, or in its place why the past cannot be read, without an error's text: it may quote data.

    Args:
        name: The name of the entry that says so.
        look: Gives the metadata.
    """
    try:
        return look()
    except Exception as error:  # noqa: BLE001 - whatever the past holds, it must not fail the version of today
        return {name: dg.MetadataValue.text(past_unknown(error))}


def past_unknown(error: Exception) -> str:
    """Why the past cannot be read, in a sentence."""
    from sg_assets.store.content_loss import reason

    return f"cannot be determined: {reason(error)}"


def _change(project: Project, manifest: Manifest) -> dict[str, dg.MetadataValue]:
    from sg_assets.lineage.render.why_markdown import summary
    from sg_assets.lineage.stored_versions import equal_contents
    from sg_assets.lineage.version_pair import published_before
    from sg_assets.orchestration.headline_scores import directions

    before = published_before(project.store, manifest)
    if before is None or equal_contents(before, manifest):
        return {}
    better = directions(project.declared, manifest.ref.table)
    comparison = project.comparisons.between(before, manifest, better)
    return {"what_changed": dg.MetadataValue.md(summary(comparison))}


def _history(project: Project, manifest: Manifest) -> dict[str, dg.MetadataValue]:
    from sg_assets.lineage.render.history_picture import history_picture
    from sg_assets.lineage.render.history_views import summary
    from sg_assets.lineage.scores.score_history import history
    from sg_assets.orchestration.headline_scores import directions

    better = directions(project.declared, manifest.ref.table)
    score_history = history(project.comparisons, manifest.ref, better, last=_STEPS)
    if len(score_history.steps) == 1:
        return {}
    shown: dict[str, dg.MetadataValue] = {"history": dg.MetadataValue.md(summary(score_history))}
    if score_history.statuses:
        shown["history_picture"] = png(history_picture(score_history), "the score, step by step")
    return shown
