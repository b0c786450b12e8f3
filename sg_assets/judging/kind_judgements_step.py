"""The step that judges a benchmark's answers by judges of any kind: raw scores, and flags by threshold.

`judgements_step` does it where every judge is fitted here and each flag has one: its versions need no job.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sg_assets.judging.kind_scores import KindScores
    from sg_assets.store.workspace import Workspace


def judge_answers_by_kind(
    workspace: "Workspace",
    answers_asset: str,
    judges: Mapping[str, str],
    thresholds: Mapping[str, float],
    *,
    further: Mapping[str, Mapping[str, float]],
    scores: "KindScores",
    seed: int,
) -> None:
    """Write each judge's score of every answer, and each flag: raised where its first judge reaches its threshold.

    Args:
        workspace: Of the judgements.
        answers_asset: Asset of the answers.
        judges: The judge that raises each flag.
        thresholds: Its threshold, by flag.
        further: Further judges of a flag with their thresholds: their rates and agreement go to the step's details.
        scores: Gives the scores.
        seed: Of the intervals of agreement.
    """
    import polars as pl

    from sg_assets.judging.judge_agreement import agreements

    answers = workspace.table(answers_asset).sort("item_id")
    others = [judge for named in further.values() for judge in named]
    scored = scores.add_to(answers, [*judges.values(), *others])
    flags = [(pl.col(f"{judge}_score") >= thresholds[flag]).alias(flag) for flag, judge in judges.items()]
    judged = scored.drop("prompt", "response").with_columns(flags)
    if further:
        workspace.details["agreement"] = agreements(judged, judges, further, seed)
    workspace.write_table(judged)
