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
_KEPT: Mapping[str, Callable[[str, str], bool]] = {
    "starts": lambda answer, text: answer.startswith(text),
    "ends": lambda answer, text: answer.endswith(text),
    "contains": lambda answer, text: text in answer,
    "avoids": lambda answer, text: text not in answer,
}


def local_tasks(items: pl.DataFrame) -> dict[LeaderboardTask, Task]:
    """The tasks that a table of items holds, scored as the published task of that name is.

    Raises:
        SgAssetsError: the items of a subtask differ in the number of choices, so guessing gives no one share.
    """
    lower: dict[LeaderboardTask, dict[str, float]] = {}
    counts = items.group_by("task", "subtask", maintain_order=True).agg(pl.col("choices").list.len().unique())
    for name, subtask, found in counts.iter_rows():
        if len(found) != 1:
            raise SgAssetsError(f"items of '{subtask}' have {sorted(found)} choices", why="what does guessing give?")
        lower.setdefault(name, {})[subtask] = 1 / found[0] if found[0] else 0.0
    return {name: _task(PUBLISHED[name], levels) for name, levels in lower.items()}


def _task(published: Task, lower: Mapping[str, float]) -> Task:
    return Task(published.name, published.metric, lower, published.by_subtask, cluster="cluster_id")


def configs(items: pl.DataFrame, task: Task) -> list[Config]:
    """What lm-eval's TaskManager makes a task's subtasks of."""
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
    flat = [one for some in each for one in some]
    return sum(flat) / len(flat)


def _followed(document: Document, answers: Sequence[str]) -> Config:
    each = [follows(answers[0], one) for one in cast("Sequence[str]", document["instructions"])]
    return {"prompt_level_strict_acc": all(each), "inst_level_strict_acc": each}


def follows(answer: str, instruction: str) -> bool:
    """Whether an answer keeps to an instruction such as ``ends: ?``; an empty answer keeps to none.

    Raises:
        SgAssetsError: it is no instruction.
    """
    kind, _, text = instruction.partition(": ")
    if kind not in _KEPT or not text:
        raise SgAssetsError(f"'{instruction}' is no instruction", remedy=f"Known: {', '.join(_KEPT)}, then a text")
    return bool(answer.strip()) and _KEPT[kind](answer.strip(), text)
