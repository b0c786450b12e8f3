"""Samples as lm-eval logs them, with values chosen by hand."""

from typing import Any

from sg_assets.leaderboard.normalisation import Task

SIX = (
    Task("ifeval", "strict", {"ifeval": 0.0}),
    Task("bbh", "acc_norm", {"bbh_two": 0.5, "bbh_four": 0.25}, by_subtask=True),
    Task("math_hard", "exact_match", {"math_sums": 0.0}),
    Task("gpqa", "acc_norm", {"gpqa_one": 0.25, "gpqa_two": 0.25}, cluster="Question"),
    Task("musr", "acc_norm", {"musr_three": 1 / 3, "musr_five": 0.2}, by_subtask=True),
    Task("mmlu_pro", "acc", {"mmlu_pro": 0.1}),
)
"""Small tasks of the six kinds."""


def sample(place: int, question: str = "", **values: Any) -> dict[str, Any]:
    """One logged sample."""
    return {"doc_id": place, "doc_hash": f"{place:064x}", "doc": {"Question": question or f"q{place}"}, **values}
