"""Comments with the judge's confident labels."""

import dagster as dg

from sg_assets.assets.building import Making
from sg_assets.assets.judging import asked_judge
from sg_assets.assets.project import Project
from sg_assets.declarations.facts import recipe_parameters
from sg_assets.errors import SgAssetsError
from sg_assets.store.step import Recipe, Workspace


def labelled_assets(project: Project) -> dict[str, Making]:
    """``raw/sg_toxicity_prompts``."""
    labelling = project.declared.profile.labelling

    def recipe(_: str | None) -> Recipe:
        return project.recipe(
            ["judging.score"], recipe_parameters(labelling), libraries=["scikit-learn"], key=("text_id",)
        )

    def run(workspace: Workspace, context: dg.AssetExecutionContext) -> None:
        import polars as pl

        from sg_assets.judging.score import scores

        comments = workspace.table("raw/forum_comments").sort("text_id")
        judge = asked_judge(project, workspace, "toxicity")
        scored = comments.with_columns(scores(judge, comments["text"]).alias("score"))
        label = (
            pl.when(pl.col("score") <= labelling.safe_at_most)
            .then(pl.lit("safe"))
            .when(pl.col("score") >= labelling.unsafe_at_least)
            .then(pl.lit("unsafe"))
        )
        confident = scored.with_columns(label=label).drop_nulls("label")
        counts = {name: confident.filter(pl.col("label") == name).height for name in ("safe", "unsafe")}
        workspace.details.update({"comments": comments.height, **counts})
        context.log.info(f"{comments.height} comments, confidently labelled: {counts}")
        if min(counts.values()) < labelling.min_texts:
            raise SgAssetsError(
                f"too few confident labels: {counts['safe']} safe, {counts['unsafe']} unsafe of {comments.height}",
                where="raw/sg_toxicity_prompts",
                why=f"the profile asks for {labelling.min_texts} of each",
                remedy="Give more comments, or lower labelling.min_texts in the profile",
            )
        workspace.write_table(confident.select("text_id", "text", "source", "given_split", "score", "label"))

    description = "Comments the toxicity judge labels with confidence, with its score. The rest is dropped."
    return {"raw/sg_toxicity_prompts": Making(description, recipe, run, numeric=True)}
