"""Tasks for lm-eval from a table of items, in the shapes of the leaderboard's six."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

import polars as pl

from sg_assets.declarations.records.leaderboard import LeaderboardTask
from sg_assets.errors import SgAssetsError
from sg_assets.leaderboard.normalisation import PUBLISHED, Task

Document = Mapping[str, Any]
Config = dict[str, Any]

_LONGEST_ANSWER = 48
"""Tokens."""
_INSTRUCTION_CHECKS: Mapping[str, Callable[[str, str], bool]] = {
    "starts": lambda answer, text: answer.startswith(text),
    "ends": lambda answer, text: answer.endswith(text),
    "contains": lambda answer, text: text in answer,
    "avoids": lambda answer, text: text not in answer,
}


def local_tasks(items: pl.DataFrame) -> dict[LeaderboardTask, Task]:
    """The tasks in a table of items, each scored like the published task of its name.

    Raises:
        SgAssetsError: the items of a subtask differ in the number of choices, so the share by guessing is undefined.
    """
    lower: dict[LeaderboardTask, dict[str, float]] = {}
    counts = items.group_by("task", "subtask", maintain_order=True).agg(pl.col("choices").list.len().unique())
    for name, subtask, choice_counts in counts.iter_rows():
        if len(choice_counts) != 1:
            raise SgAssetsError(
                f"items of '{subtask}' have {sorted(choice_counts)} choices",
                why="a subtask needs one number of choices, or guessing has no score",
            )
        lower.setdefault(name, {})[subtask] = 1 / choice_counts[0] if choice_counts[0] else 0.0
    return {name: _task(PUBLISHED[name], levels) for name, levels in lower.items()}


def _task(published: Task, lower: Mapping[str, float]) -> Task:
    return Task(published.name, published.metric, lower, published.by_subtask, cluster="cluster_id")


def configs(items: pl.DataFrame, task: Task) -> list[Config]:
    """The configurations of a task's subtasks for lm-eval's TaskManager."""
    return [_config(name, task, items.filter(pl.col("subtask") == name).to_dicts()) for name in task.lower]


def _config(name: str, task: Task, rows: Sequence[Document]) -> Config:
    shots = [row for row in rows if row["shot"]]
    asked = [dict(row) for row in rows if not row["shot"]]

    def dataset(**_: Any) -> Any:  # noqa: ANN401
        from datasets import Dataset, DatasetDict

        return DatasetDict({"test": Dataset.from_list(asked)})

    return {
        "task": name,
        "custom_dataset": dataset,
        "test_split": "test",
        "doc_to_text": "prompt",
        "doc_to_target": "answer",
        "target_delimiter": "",
        "num_fewshot": len(shots),
        "fewshot_config": {"sampler": "first_n", "samples": shots},
        "metadata": {"version": 1.0},
        **(_choices(task) if rows[0]["choices"] else _generated(task)),
    }


def _choices(task: Task) -> Config:
    return {"output_type": "multiple_choice", "doc_to_choice": "choices", "metric_list": [_mean(task.metric)]}


def _generated(task: Task) -> Config:
    generation = {"until": ["\n\n"], "do_sample": False, "max_gen_toks": _LONGEST_ANSWER}
    config = {"output_type": "generate_until", "generation_kwargs": generation}
    if task.metric != "strict":
        return config | {"metric_list": [_mean(task.metric)]}
    by_instruction = _mean("inst_level_strict_acc") | {"aggregation": _mean_of_all}
    return config | {
        "process_results": _followed,
        "metric_list": [_mean("prompt_level_strict_acc"), by_instruction],
    }


def _mean(metric: str) -> Config:
    return {"metric": metric, "aggregation": "mean", "higher_is_better": True}


def _mean_of_all(each: Sequence[Sequence[bool]]) -> float:
    flat = [value for values in each for value in values]
    return sum(flat) / len(flat)


def _followed(document: Document, answers: Sequence[str]) -> Config:
    each = [follows(answers[0], instruction) for instruction in cast("Sequence[str]", document["instructions"])]
    return {"prompt_level_strict_acc": all(each), "inst_level_strict_acc": each}


def follows(answer: str, instruction: str) -> bool:
    """Whether an answer keeps to an instruction such as ``ends: ?``; an empty answer keeps to no instruction.

    Raises:
        SgAssetsError: not an instruction.
    """
    kind, _, text = instruction.partition(": ")
    if kind not in _INSTRUCTION_CHECKS or not text:
        raise SgAssetsError(
            f"'{instruction}' is not an instruction", remedy=f"Known: {', '.join(_INSTRUCTION_CHECKS)}, then a text"
        )
    return bool(answer.strip()) and _INSTRUCTION_CHECKS[kind](answer.strip(), text)
