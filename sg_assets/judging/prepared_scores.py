"""Scores of a judge of any kind, prepared where a step that knows linear judges alone looks for them."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sg_assets.judging.cached_judge import cached_judge

if TYPE_CHECKING:
    from sg_assets.judging.kind_scores import KindScores


def prepared_scores(scores: "KindScores", judge: str, texts_asset: str) -> Path:
    """A folder of scores, gone with the step, that has the judge's scores of all texts of a table.

    The step then scores nothing itself: its definitions, and with them its versions, stay those of linear judges.

    Args:
        scores: Gives the scores.
        judge: The judge.
        texts_asset: The table; its column ``text`` is scored.
    """
    import polars as pl

    from sg_assets.store.model_output_cache import cached_outputs

    workspace = scores.workspace
    memories = workspace.folder / "prepared_scores"
    texts = workspace.table(texts_asset).select(response="text").unique(maintain_order=True)
    scored = texts.with_columns(score=scores.of(judge, texts))

    def look_up(asked: list[str]) -> Sequence[object]:
        return (
            pl.DataFrame({"response": asked})
            .join(scored, on="response", how="left", maintain_order="left")["score"]
            .to_list()
        )

    cached_outputs(cached_judge(workspace, judge, memories).memory, texts["response"], look_up)
    return memories
