"""Comments with the judge's confident labels."""

from typing import Final

import dagster as dg

from sg_assets.declarations.asset_names import FORUM_COMMENTS, TOXICITY_PROMPTS
from sg_assets.declarations.recipe_parameters import recipe_parameters
from sg_assets.judging.labels_step import label_comments
from sg_assets.judging.prepared_scores import prepared_scores
from sg_assets.orchestration.asset_def import AssetDef
from sg_assets.orchestration.judge_scoring import (
    SCORING_ENTRIES,
    SCORING_LIBRARIES,
    are_linear,
    kind_scores,
    scoring_parameters,
    scoring_pool,
)
from sg_assets.orchestration.project import Project
from sg_assets.orchestration.stored_outputs import stored_scores
from sg_assets.store.step import Recipe, Workspace

_JUDGE: Final = "toxicity"


def labelled_assets(project: Project) -> dict[str, AssetDef]:
    """``raw/sg_toxicity_prompts``."""
    labelling = project.declared.profile.labelling
    as_ever = are_linear(project, [_JUDGE])

    def recipe(_: str | None) -> Recipe:
        parameters = recipe_parameters(labelling)
        if as_ever:
            return project.recipe([label_comments], parameters, libraries=["scikit-learn"], key=("text_id",))
        parameters |= scoring_parameters(project, [_JUDGE])
        entries = [label_comments, prepared_scores, *SCORING_ENTRIES]
        return project.recipe(entries, parameters, libraries=SCORING_LIBRARIES, key=("text_id",))

    def work(workspace: Workspace, context: dg.AssetExecutionContext) -> None:
        with stored_scores(project, context.log.info) as kept:
            by_kind = kind_scores(project, context, workspace, kept)
            scores = kept if as_ever else prepared_scores(by_kind, _JUDGE, FORUM_COMMENTS)
            label_comments(workspace, labelling, scores, context.log.info)

    description = "Comments the toxicity judge labels with confidence, with its score. The others are dropped."
    pool = scoring_pool(project, [_JUDGE])
    return {TOXICITY_PROMPTS: AssetDef(description, recipe, work, pool=pool, records_machine=True)}
