"""Comments with the judge's confident labels."""

import dagster as dg

from sg_assets.declarations.recipe_parameters import recipe_parameters
from sg_assets.judging.labels_step import label_comments
from sg_assets.orchestration.asset_def import AssetDef
from sg_assets.orchestration.project import Project
from sg_assets.orchestration.stored_outputs import stored_scores
from sg_assets.store.step import Recipe, Workspace


def labelled_assets(project: Project) -> dict[str, AssetDef]:
    """``raw/sg_toxicity_prompts``."""
    labelling = project.declared.profile.labelling

    def recipe(_: str | None) -> Recipe:
        parameters = recipe_parameters(labelling)
        return project.recipe([label_comments], parameters, libraries=["scikit-learn"], key=("text_id",))

    def work(workspace: Workspace, context: dg.AssetExecutionContext) -> None:
        with stored_scores(project, context.log.info) as scores:
            label_comments(workspace, labelling, scores, context.log.info)

    description = "Comments the toxicity judge labels with confidence, with its score. The others are dropped."
    return {"raw/sg_toxicity_prompts": AssetDef(description, recipe, work, records_machine=True)}
