"""The jobs of all acts."""

from collections.abc import Mapping

import dagster as dg

from sg_assets.orchestration.acts.accept import accept_job
from sg_assets.orchestration.acts.import_labels import import_labels_job
from sg_assets.orchestration.acts.publish import publish_job
from sg_assets.orchestration.acts.repair import repair_job
from sg_assets.orchestration.acts.revert import revert_job
from sg_assets.orchestration.acts.verify import verify_job
from sg_assets.orchestration.asset_def import AssetDef
from sg_assets.orchestration.project import Project


def act_jobs(project: Project, asset_defs: Mapping[str, AssetDef]) -> list[dg.JobDefinition]:
    """What people do to versions: each act is a job of one op."""
    return [
        publish_job(project, asset_defs),
        revert_job(project, asset_defs),
        verify_job(project),
        repair_job(project),
        accept_job(project, asset_defs),
        *([import_labels_job(project, asset_defs)] if project.declared.profile.labels is not None else []),
    ]
