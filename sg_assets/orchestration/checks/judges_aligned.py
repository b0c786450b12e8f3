"""The check ``judges_aligned``: every judge that is held to a bound reaches it."""

import dagster as dg

from sg_assets.declarations.asset_names import JUDGE_ALIGNMENT
from sg_assets.orchestration.asset_def import Monitor
from sg_assets.orchestration.project import Project
from sg_assets.store.manifests import Manifest

JUDGES_ALIGNED = "judges_aligned"


def judges_aligned(project: Project) -> Monitor:
    """The check of the comparison of judges with people. It warns: the comparison is right, whatever it says."""
    return Monitor(
        JUDGES_ALIGNED,
        "Every judge that the profile holds to a bound (`labels.aligned`) reaches it against the labels of people.",
        lambda manifest: _evaluated(project, manifest),
    )


def _evaluated(project: Project, manifest: Manifest) -> dg.AssetCheckResult:
    from sg_assets.people.judge_standing import current_standings

    standings = current_standings(project.store, project.declared)
    below = [standing for standing in standings if not standing.aligned]
    return dg.AssetCheckResult(
        check_name=JUDGES_ALIGNED,
        asset_key=dg.AssetKey(JUDGE_ALIGNMENT.split("/")),
        passed=not below,
        severity=dg.AssetCheckSeverity.WARN,
        description=" ".join(map(str, below or standings)) or "no judge is held to a bound",
        metadata={"version": manifest.version},
    )
