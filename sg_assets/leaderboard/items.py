"""From lm-eval's samples to a row per item: every score here is a mean of these."""

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
        told: lm-eval's own results by subtask, to check the samples with.

    Raises:
        SgAssetsError: a subtask has no sample, or the samples give another value than lm-eval reports.
    """
    rows = []
    for subtask in task.lower:
        subtask_samples = samples.get(subtask)
        if not subtask_samples:
            raise SgAssetsError(f"lm-eval gave no sample of '{subtask}'", where=task.name)
        values = _values(task, subtask_samples)
        _require_equal(subtask, sum(values) / len(values), _reported_value(task, told[subtask]))
        for sample, value in zip(subtask_samples, values, strict=True):
            item = f"{subtask}:{_identity(sample)}"
            cluster = item if task.cluster is None else _digest(str(sample["doc"][task.cluster]))
            rows += [(RAW, slice_, item, cluster, value) for slice_ in dict.fromkeys((subtask, task.name))]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def _identity(sample: Sample) -> str:
    """An item's id from position and content, so that items of another revision of the data get other ids."""
    item_id = sample["doc"].get("item_id")
    return str(item_id) if item_id is not None else f"{sample['doc_id']:05d}-{sample['doc_hash'][:8]}"


def _values(task: Task, samples: Sequence[Sample]) -> list[float]:
    if task.metric != "strict":
        return [float(sample[task.metric]) for sample in samples]
    # The mean over prompts of these is the mean of lm-eval's two: per prompt, and per instruction over all prompts.
    followed = [[float(kept) for kept in sample["inst_level_strict_acc"]] for sample in samples]
    scale = len(samples) / sum(map(len, followed))
    prompts = [float(sample["prompt_level_strict_acc"]) for sample in samples]
    return [(prompt + scale * sum(each)) / 2 for prompt, each in zip(prompts, followed, strict=True)]


def _reported_value(task: Task, results: Mapping[str, float]) -> float:
    if task.metric != "strict":
        return float(results[f"{task.metric},none"])
    return (float(results["prompt_level_strict_acc,none"]) + float(results["inst_level_strict_acc,none"])) / 2


def _require_equal(subtask: str, ours: float, told: float) -> None:
    if abs(ours - told) > 1e-9:
        raise SgAssetsError(
            f"the samples of '{subtask}' give {ours}, lm-eval reports {told}",
            why="a score must be the mean of the items stored with it",
        )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
