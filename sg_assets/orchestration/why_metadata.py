"""Metadata that explains a score: its change since the version before with the causes, and its history."""

import dagster as dg

from sg_assets.errors import SgAssetsError
from sg_assets.orchestration.metadata import png
from sg_assets.orchestration.project import Project
from sg_assets.store.manifests import Manifest

_STEPS = 5
"""Steps of a history shown on a materialization."""


def what_changed(project: Project, manifest: Manifest) -> dict[str, dg.MetadataValue]:
    """The main causes and a line per rate, and the last steps of its history with a picture.

    No change for a first version, or where the content is the same as before. Rows are not compared here: that is for
    the page, whose command is named.
    """
    return {**_change(project, manifest), **_history(project, manifest)}


def _change(project: Project, manifest: Manifest) -> dict[str, dg.MetadataValue]:
    from sg_assets.lineage.render.why_markdown import summary
    from sg_assets.lineage.version_pair import published_before
    from sg_assets.orchestration.headline_scores import directions

    try:
        before = published_before(project.store, manifest)
    except SgAssetsError as error:
        return {"what_changed": dg.MetadataValue.text(f"cannot be determined: {error.what}")}
    if before is None or before.fingerprint == manifest.fingerprint:
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
    picture = png(history_picture(score_history), "the score, step by step")
    return {"history": dg.MetadataValue.md(summary(score_history)), "history_picture": picture}
