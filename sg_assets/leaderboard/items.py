"""From lm-eval's samples to one row per item: what every score here is the mean of."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from sg_assets.errors import SgAssetsError
from sg_assets.leaderboard.normalisation import Task
from sg_assets.statistics.items import SCHEMA

RAW = "raw"
"""The metric of item values: shares, before any normalisation."""

Sample = Mapping[str, Any]


def item_rows(
    task: Task, samples: Mapping[str, Sequence[Sample]], told: Mapping[str, Mapping[str, float]]
) -> pl.DataFrame:
    """The items of a task, once under their subtask and once under the task.

    Args:
        task: The task.
        samples: lm-eval's samples by subtask.
        told: lm-eval's own results by subtask, to check the samples against.

    Raises:
        SgAssetsError: a subtask has no sample, or the samples do not give the value that lm-eval gives.
    """
    rows = []
    for subtask in task.lower:
        found = samples.get(subtask)
        if not found:
            raise SgAssetsError(f"lm-eval gave no sample of '{subtask}'", where=task.name)
        values = _values(task, found)
        _require_same(subtask, sum(values) / len(values), _told(task, told[subtask]))
        for sample, value in zip(found, values, strict=True):
            item = f"{subtask}:{_identity(sample)}"
            cluster = item if task.cluster is None else _digest(str(sample["doc"][task.cluster]))
            rows += [(RAW, slice_, item, cluster, value) for slice_ in dict.fromkeys((subtask, task.name))]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def _identity(sample: Sample) -> str:
    """Names an item by place and content: another revision of the data never passes for the same item."""
    given = sample["doc"].get("item_id")
    return str(given) if given is not None else f"{sample['doc_id']:05d}-{sample['doc_hash'][:8]}"


def _values(task: Task, samples: Sequence[Sample]) -> list[float]:
    if task.metric != "strict":
        return [float(sample[task.metric]) for sample in samples]
    # The mean over prompts of these is the mean of lm-eval's two: per prompt, and per instruction over all prompts.
    followed = [[float(one) for one in sample["inst_level_strict_acc"]] for sample in samples]
    scale = len(samples) / sum(map(len, followed))
    prompts = [float(sample["prompt_level_strict_acc"]) for sample in samples]
    return [(prompt + scale * sum(each)) / 2 for prompt, each in zip(prompts, followed, strict=True)]


def _told(task: Task, results: Mapping[str, float]) -> float:
    if task.metric != "strict":
        return float(results[f"{task.metric},none"])
    return (float(results["prompt_level_strict_acc,none"]) + float(results["inst_level_strict_acc,none"])) / 2


def _require_same(subtask: str, ours: float, told: float) -> None:
    if abs(ours - told) > 1e-9:
        raise SgAssetsError(
            f"the samples of '{subtask}' give {ours}, lm-eval gives {told}",
            why="a score must be the mean of the items stored beside it",
        )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
