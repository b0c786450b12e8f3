"""The check ``score_moved``: a score moved by more than noise since the version published before."""

import dagster as dg

from sg_assets.errors import SgAssetsError
from sg_assets.orchestration.asset_def import Monitor
from sg_assets.orchestration.project import Project
from sg_assets.store.manifests import Manifest

SCORE_MOVED = "score_moved"


def score_moved(project: Project) -> Monitor:
    """The check of a table of scores. It warns: a score is true whatever it is."""
    return Monitor(
        SCORE_MOVED,
        "No shown score moved by more than noise, and by as much as its moved_by says, since the version before.",
        lambda manifest: _look(project, manifest),
    )


def _look(project: Project, manifest: Manifest) -> dg.AssetCheckResult:
    from sg_assets.lineage.version_pair import published_before

    try:
        before = published_before(project.store, manifest)
    except SgAssetsError as error:
        return _result(manifest, told=f"the version before cannot be read: {error.what}")
    if before is None:
        return _result(manifest, told="no version before")
    if before.fingerprint == manifest.fingerprint:
        return _result(manifest, told="the same content as the version before", before=before)
    return _compared(project, before, manifest)


def _compared(project: Project, before: Manifest, manifest: Manifest) -> dg.AssetCheckResult:
    from sg_assets.lineage.render.score_move_text import causes_line, moves_line, moves_table
    from sg_assets.lineage.scores.score_move import alarming, moves
    from sg_assets.orchestration.headline_scores import directions, headline_scores

    table = manifest.ref.table
    why = project.comparisons.between(before, manifest, directions(project.declared, table))
    sizes = {(one.metric, one.slice): one.moved_by for one in headline_scores(project.declared, table)}
    found = moves(why, sizes)
    moved = alarming(found)
    numbers = {f"{one.score.change.metric}_{one.score.change.slice}": dg.MetadataValue.float(paired)
               for one in found if (paired := one.score.significance.paired.difference) is not None}  # fmt: skip
    return _result(
        manifest,
        passed=not moved,
        told=moves_line(found, why.lost),
        before=before,
        scores=dg.MetadataValue.md(moves_table(found)),
        causes=dg.MetadataValue.md(causes_line(why)),
        **numbers,
    )


def _result(
    manifest: Manifest, *, told: str, passed: bool = True, before: Manifest | None = None, **more: dg.MetadataValue
) -> dg.AssetCheckResult:
    compared = {} if before is None else {"version_before": dg.MetadataValue.text(before.version)}
    return dg.AssetCheckResult(
        check_name=SCORE_MOVED,
        asset_key=dg.AssetKey(manifest.asset.split("/")),
        passed=passed,
        severity=dg.AssetCheckSeverity.WARN,
        description=told,
        metadata={"version": manifest.version, **compared, **more},
    )
