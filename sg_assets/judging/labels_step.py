"""The step that labels comments with the judge's confident labels."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from sg_assets.errors import SgAssetsError
from sg_assets.judging.cached_judge import cached_judge

if TYPE_CHECKING:
    from sg_assets.declarations.records.data import Labelling
    from sg_assets.store.workspace import Workspace


def label_comments(workspace: "Workspace", labelling: "Labelling", memories: Path, log: Callable[[str], None]) -> None:
    """Write the comments that the toxicity judge labels with confidence, with its score; the others are dropped.

    Args:
        workspace: Of the labelled comments.
        labelling: The scores from which a label is confident.
        memories: Folder of cached judge scores.
        log: Takes a line with the counts.

    Raises:
        SgAssetsError: fewer confident labels than the profile asks for.
    """
    import polars as pl

    from sg_assets.judging.scoring import scores

    comments = workspace.table("raw/forum_comments").sort("text_id")
    judge = cached_judge(workspace, "toxicity", memories)
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
    log(f"{comments.height} comments, confidently labelled: {counts}")
    if min(counts.values()) < labelling.min_texts:
        raise SgAssetsError(
            f"too few confident labels: {counts['safe']} safe, {counts['unsafe']} unsafe of {comments.height}",
            where="raw/sg_toxicity_prompts",
            why=f"the profile asks for {labelling.min_texts} of each",
            remedy="Give more comments, or lower labelling.min_texts in the profile",
        )
    workspace.write_table(confident.select("text_id", "text", "source", "given_split", "score", "label"))
