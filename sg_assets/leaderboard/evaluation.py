"""Evaluation of a model on tasks with lm-eval, each task as if alone in its process."""

import hashlib
import logging
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stderr
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from io import StringIO
from pathlib import Path
from typing import Any

import polars as pl

from sg_assets.adapters.applied_adapter import CheckedModel, load_checked_model
from sg_assets.chat.chat_loading import load_chat
from sg_assets.chat.decoding import generation_config
from sg_assets.declarations.records.leaderboard import LeaderboardTask
from sg_assets.errors import SgAssetsError, nearest
from sg_assets.leaderboard.items import Sample, item_rows
from sg_assets.leaderboard.local_tasks import configs, local_tasks
from sg_assets.leaderboard.normalisation import PUBLISHED, Task
from sg_assets.leaderboard.spec import LeaderboardSpec

_PREFIX = "leaderboard_"
_HUB_FILE = re.compile(r"hf://datasets/(?P<name>[^@]+)@(?P<commit>[0-9a-f]{40})/")


@dataclass(frozen=True)
class TaskResult:
    """A task's items, and the facts of their evaluation."""

    items: pl.DataFrame
    facts: Mapping[str, Any]


class Suite:
    """The tasks of a job: lm-eval's own, or those of a table of items."""

    def __init__(self, items: Path | None) -> None:
        self._items = None if items is None else pl.read_parquet(items)
        self.tasks: Mapping[LeaderboardTask, Task] = PUBLISHED if self._items is None else local_tasks(self._items)

    def task(self, name: LeaderboardTask) -> Task:
        """A task by name.

        Raises:
            SgAssetsError: the table of items has no item of the task.
        """
        if name not in self.tasks:
            raise SgAssetsError(f"no items of task '{name}'", remedy=nearest(name, self.tasks))
        return self.tasks[name]

    def load(self, name: LeaderboardTask) -> Mapping[str, Any]:
        """The task as lm-eval's objects, freshly built."""
        from lm_eval.tasks import TaskManager

        if self._items is not None:
            return dict(TaskManager(include_defaults=False).load(configs(self._items, self.task(name))))
        manager = TaskManager(include_path=str(_published_folder()), include_defaults=False)
        return dict(manager.load([f"{_PREFIX}{name}"]))


def _published_folder() -> Path:
    """lm-eval's leaderboard tasks; reading all of its 14,000 tasks takes a quarter of a minute."""
    spec = find_spec("lm_eval")
    if spec is None or spec.origin is None:
        raise SgAssetsError("the package 'lm_eval' is not installed", remedy="Run `make setup`")
    return Path(spec.origin).parent / "tasks" / "leaderboard"


def load_model(spec: LeaderboardSpec) -> CheckedModel:
    """The model as answers are given with, in lm-eval's ``hf`` backend; it writes and ends chats as everywhere.

    Raises:
        SgAssetsError: chats with the model cannot be written, the adapter lacks weights, or too much of its effect is
            lost.
    """
    import torch
    from lm_eval.models.huggingface import HFLM

    device = spec.device if spec.device != "auto" else "cuda" if torch.cuda.is_available() else "cpu"
    chat = load_chat(spec.base_model, spec.chat, trust_remote_code=spec.trust_remote_code)
    loaded = load_checked_model(
        spec.base_model, spec.adapter, dtype=spec.dtype, device=device, trust_remote_code=spec.trust_remote_code
    )
    loaded.model.generation_config = generation_config(chat.decoding, chat.stops, int(chat.tokenizer.pad_token_id))
    with _without_advice():
        backend = HFLM(
            pretrained=loaded.model,
            tokenizer=chat.tokenizer,
            batch_size=spec.batch_size,
            trust_remote_code=spec.trust_remote_code,
        )
    return CheckedModel(backend, loaded.adapter_effect)


@contextmanager
def _without_advice() -> Iterator[None]:
    """Leave out that lm-eval does not load a model itself where it is given a loaded one."""
    logger = logging.getLogger("lm_eval.models.huggingface")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)


def evaluate(model: Any, suite: Suite, name: LeaderboardTask, spec: LeaderboardSpec) -> TaskResult:  # noqa: ANN401
    """Evaluate the model on one task.

    The seeds are those of a fresh ``lm-eval`` process and the task is rebuilt under them: GPQA's choices are shuffled
    by the global generator while it loads, so an earlier task would change them.
    """
    import lm_eval
    from lm_eval.defaults import DEFAULT_OTHER_SEED

    _seed()
    loaded = suite.load(name)
    for task_object in loaded["tasks"].values():
        if task_object.get_config("num_fewshot") is None:
            task_object.set_config(key="num_fewshot", value=0)
        task_object.set_fewshot_seed(seed=DEFAULT_OTHER_SEED)
    results = lm_eval.evaluate(
        lm=model,
        task_dict=loaded,
        limit=spec.limit,
        bootstrap_iters=0,
        apply_chat_template=spec.apply_chat_template,
        fewshot_as_multiturn=spec.fewshot_as_multiturn,
    )
    samples = {_without_prefix(key): value for key, value in results["samples"].items()}
    reported = {_without_prefix(key): value for key, value in results["results"].items()}
    task = suite.task(name)
    return TaskResult(item_rows(task, samples, reported), _facts(task, loaded["tasks"], results, samples))


def _seed() -> None:
    import numpy as np
    import torch
    from lm_eval.defaults import DEFAULT_OTHER_SEED, DEFAULT_RANDOM_SEED

    random.seed(DEFAULT_RANDOM_SEED)
    np.random.seed(DEFAULT_OTHER_SEED)
    torch.manual_seed(DEFAULT_OTHER_SEED)


def _without_prefix(name: str) -> str:
    return name.removeprefix(_PREFIX)


def _facts(
    task: Task, loaded: Mapping[str, Any], results: Mapping[str, Any], samples: Mapping[str, Sequence[Sample]]
) -> dict[str, Any]:
    """What a score depends on beyond the settings: lm-eval's "unchanging" tasks and their data have changed before."""
    subtasks = {}
    for name, task_object in loaded.items():
        plain = _without_prefix(name)
        documents = "".join(sample["doc_hash"] for sample in samples[plain])
        subtasks[plain] = {
            "version": results["versions"][name],
            "shots": results["n-shot"][name],
            "items": len(samples[plain]),
            "items_there": results["n-samples"][name]["original"],
            "documents": hashlib.sha256(documents.encode()).hexdigest()[:32],
            "data": _data(task_object),
        }
    return {"lm_eval": version("lm_eval"), "metric": task.metric, "subtasks": subtasks}


def _data(task: Any) -> dict[str, str | None]:  # noqa: ANN401
    """The data set, and the commit of its files where known."""
    if task.config.dataset_path is None:
        return {"set": "demo/leaderboard_items", "commit": None}
    name = "/".join(str(part) for part in (task.config.dataset_path, task.config.dataset_name) if part)
    files = [file for split in task.dataset.values() for file in (split.info.download_checksums or {})]
    commits = sorted({match["commit"] for file in files if (match := _HUB_FILE.match(file))})
    return {"set": name, "commit": ", ".join(commits) or None}


@contextmanager
def quiet_lm_eval() -> Iterator[None]:
    """Suppress lm-eval's progress bars and its advice on how tasks are written, for tasks generated here."""
    logger = logging.getLogger("lm_eval.api.task")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with redirect_stderr(StringIO()):
            yield
    finally:
        logger.setLevel(level)
