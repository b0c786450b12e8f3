"""The check ``score_moved``: a score moved by more than noise since the version published before."""

import dagster as dg

from sg_assets.errors import SgAssetsError
from sg_assets.orchestration.asset_def import Monitor
from sg_assets.orchestration.project import Project
from sg_assets.store.manifests import Manifest

SCORE_MOVED = "score_moved"


def score_moved(project: Project) -> Monitor:
    """The check of a table of scores. It warns and never blocks: a score is a true measurement whatever its value."""
    return Monitor(
        SCORE_MOVED,
        "Since the version before, no shown score moved both by more than noise and by at least its moved_by.",
        lambda manifest: _evaluated(project, manifest),
    )


def _evaluated(project: Project, manifest: Manifest) -> dg.AssetCheckResult:
    """The evaluation; where the past cannot be read it says so: the version itself is as good as any."""
    try:
        return _evaluate(project, manifest)
    except Exception as error:  # noqa: BLE001 - whatever the past holds, it must not fail the version of today
        from sg_assets.orchestration.why_metadata import past_unknown

        return _result(manifest, summary=f"whether it moved {past_unknown(error)}")


def _evaluate(project: Project, manifest: Manifest) -> dg.AssetCheckResult:
    from sg_assets.lineage.stored_versions import equal_contents
    from sg_assets.lineage.version_pair import published_before

    try:
        before = published_before(project.store, manifest)
    except SgAssetsError as error:
        return _result(manifest, summary=f"the version before cannot be read: {error.what}")
    if before is None:
        return _result(manifest, summary="no version before")
    if equal_contents(before, manifest):
        return _result(manifest, summary="the same content as the version before", before=before)
    return _compared(project, before, manifest)


def _compared(project: Project, before: Manifest, manifest: Manifest) -> dg.AssetCheckResult:
    from sg_assets.lineage.render.score_move_text import moves_line, moves_table
    from sg_assets.lineage.render.why_markdown import main_causes
    from sg_assets.lineage.scores.score_move import alarming_moves, score_moves
    from sg_assets.orchestration.headline_scores import directions, headline_scores

    table = manifest.ref.table
    why = project.comparisons.between(before, manifest, directions(project.declared, table))
    sizes = {(score.metric, score.slice): score.moved_by for score in headline_scores(project.declared, table)}
    moves = score_moves(why, sizes)
    differences = {
        f"{move.score.change.metric}_{move.score.change.slice}": move.score.significance.paired.difference
        for move in moves
    }
    numbers = {
        name: dg.MetadataValue.float(difference) for name, difference in differences.items() if difference is not None
    }
    return _result(
        manifest,
        passed=not alarming_moves(moves),
        summary=moves_line(moves, why.lost),
        before=before,
        scores=dg.MetadataValue.md(moves_table(moves)),
        causes=dg.MetadataValue.md(main_causes(why)),
        **numbers,
    )


def _result(
    manifest: Manifest, *, summary: str, passed: bool = True, before: Manifest | None = None, **more: dg.MetadataValue
) -> dg.AssetCheckResult:
    compared = {} if before is None else {"version_before": dg.MetadataValue.text(before.version)}
    return dg.AssetCheckResult(
        check_name=SCORE_MOVED,
        asset_key=dg.AssetKey(manifest.asset.split("/")),
        passed=passed,
        severity=dg.AssetCheckSeverity.WARN,
        description=summary,
        metadata={"version": manifest.version, **compared, **more},
    )
