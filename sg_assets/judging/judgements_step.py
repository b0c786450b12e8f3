"""The step that judges a benchmark's answers: raw scores, and flags by threshold."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from sg_assets.judging.cached_judge import cached_judge

if TYPE_CHECKING:
    from sg_assets.store.workspace import Workspace


def judge_answers(
    workspace: "Workspace",
    answers_asset: str,
    judges: Mapping[str, str],
    thresholds: Mapping[str, float],
    memories: Path,
) -> None:
    """Write each judge's raw score of every answer, and each flag: raised where the score reaches its threshold.

    Args:
        workspace: Of the judgements.
        answers_asset: Asset of the answers.
        judges: The judge behind each flag.
        thresholds: The threshold of each flag.
        memories: Folder of cached judge scores.
    """
    import polars as pl

    from sg_assets.judging.scoring import score_responses

    answers = workspace.table(answers_asset).sort("item_id")
    cached_judges = {f"{judge}_score": cached_judge(workspace, judge, memories) for judge in judges.values()}
    flags = [(pl.col(f"{judge}_score") >= thresholds[flag]).alias(flag) for flag, judge in judges.items()]
    workspace.write_table(score_responses(answers, cached_judges).drop("prompt", "response").with_columns(flags))
