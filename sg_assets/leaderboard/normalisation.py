"""The published normalisation: 0 is the score by guessing, 100 all items right.

``norm(x) = max(0, (x - lb) / (1 - lb)) * 100``, where ``lb`` is the share by guessing. Where the subtasks of a task
differ in the number of choices (BBH, MuSR) each is normalised first and the results are averaged, each subtask counting
the same; elsewhere the items of all subtasks are pooled. The leaderboard's score is the simple mean of its six tasks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from sg_assets.declarations.records.leaderboard import LeaderboardTask
from sg_assets.errors import SgAssetsError, nearest

Metric = Literal["acc", "acc_norm", "exact_match", "strict"]
TASK_NAMES: tuple[LeaderboardTask, ...] = get_args(LeaderboardTask)
"""The six tasks, in the order of the leaderboard's table."""
MEAN = "mean"
"""The slice of the mean of the six tasks."""


@dataclass(frozen=True)
class Task:
    """One of the six tasks."""

    name: LeaderboardTask
    metric: Metric
    """The scored value of lm-eval's sample; ``strict`` is IFEval's mean over instructions and over prompts."""
    lower: Mapping[str, float]
    """Share by guessing, of each subtask."""
    by_subtask: bool = False
    """Whether subtasks are normalised first and averaged; else their items are pooled."""
    cluster: str | None = None
    """The field of a document that items share (a story, a question asked in several sets), so that they are not
    independent."""

    @property
    def pooled_lower(self) -> float:
        """Share by guessing, which pooled subtasks have in common.

        Raises:
            SgAssetsError: the subtasks differ, so their items cannot be pooled.
        """
        levels = set(self.lower.values())
        if len(levels) != 1:
            raise SgAssetsError(
                f"the subtasks of '{self.name}' are pooled, but guessing scores {sorted(levels)} in them"
            )
        return levels.pop()


_BBH_CHOICES = {
    "boolean_expressions": 2, "causal_judgement": 2, "date_understanding": 6, "disambiguation_qa": 3,
    "formal_fallacies": 2, "geometric_shapes": 11, "hyperbaton": 2, "logical_deduction_five_objects": 5,
    "logical_deduction_seven_objects": 7, "logical_deduction_three_objects": 3, "movie_recommendation": 6,
    "navigate": 2, "object_counting": 19, "penguins_in_a_table": 5, "reasoning_about_colored_objects": 18,
    "ruin_names": 6, "salient_translation_error_detection": 6, "snarks": 2, "sports_understanding": 2,
    "temporal_sequences": 4, "tracking_shuffled_objects_five_objects": 5,
    "tracking_shuffled_objects_seven_objects": 7, "tracking_shuffled_objects_three_objects": 3, "web_of_lies": 2,
}  # fmt: skip
_MATH = ("algebra", "counting_and_prob", "geometry", "intermediate_algebra", "num_theory", "prealgebra", "precalculus")
_GPQA = ("diamond", "extended", "main")

PUBLISHED: Mapping[LeaderboardTask, Task] = {
    "ifeval": Task("ifeval", "strict", {"ifeval": 0.0}),
    "bbh": Task("bbh", "acc_norm", {f"bbh_{name}": 1 / n for name, n in _BBH_CHOICES.items()}, by_subtask=True),
    "math_hard": Task("math_hard", "exact_match", {f"math_{name}_hard": 0.0 for name in _MATH}),
    "gpqa": Task("gpqa", "acc_norm", {f"gpqa_{name}": 0.25 for name in _GPQA}, cluster="Question"),
    "musr": Task(
        "musr", "acc_norm",
        {"musr_murder_mysteries": 0.5, "musr_object_placements": 0.2, "musr_team_allocation": 0.3333},
        by_subtask=True, cluster="narrative",
    ),
    "mmlu_pro": Task("mmlu_pro", "acc", {"mmlu_pro": 0.1}),
}  # fmt: skip
"""The tasks as published. lm-eval's name of a subtask is ``leaderboard_`` and the name here."""


def normalised(raw: float, lower: float) -> float:
    """A raw share on the scale from 0 (guessing, or worse) to 100."""
    return max(0.0, (raw - lower) / (1 - lower)) * 100


def task_score(task: Task, raw: Mapping[str, float], pooled: float) -> float:
    """A task's score, 0 to 100.

    Args:
        task: The task.
        raw: Raw share by subtask.
        pooled: Raw share over the items of all subtasks.

    Raises:
        SgAssetsError: a subtask is missing, or does not belong to the task.
    """
    if raw.keys() != task.lower.keys():
        mismatched = sorted(raw.keys() ^ task.lower.keys())
        raise SgAssetsError(
            f"task '{task.name}' is scored by its subtasks; missing or unknown: {', '.join(mismatched)}"
        )
    if not task.by_subtask:
        return normalised(pooled, task.pooled_lower)
    return sum(normalised(raw[name], lower) for name, lower in task.lower.items()) / len(task.lower)


def average(scores: Mapping[str, float]) -> float:
    """The leaderboard's score: the simple mean of the six tasks.

    Raises:
        SgAssetsError: not exactly the six tasks.
    """
    _require(scores, TASK_NAMES)
    return sum(scores[name] for name in TASK_NAMES) / len(TASK_NAMES)


def _require(scores: Mapping[str, float], names: Sequence[str]) -> None:
    for name in sorted(scores.keys() ^ set(names)):
        problem = "is missing" if name in names else "is not a task of the leaderboard"
        raise SgAssetsError(
            f"'{name}' {problem}", why="the mean is over exactly the six tasks", remedy=nearest(name, names)
        )
