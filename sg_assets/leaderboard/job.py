"""The leaderboard job, run as its own process: ``python -m sg_assets.leaderboard.job SPEC.json``.

Reads a :class:`~sg_assets.leaderboard.spec.LeaderboardSpec`, evaluates its tasks one by one and stores each
finished task in the spec's ``kept`` folder: ``items.parquet``, ``facts.json`` and ``machines.json`` in ``<task>/``,
sealed (:mod:`sg_assets.training.checkpoints`). A finished task is not evaluated again, so a killed job
resumes with the task it was in. A task that fails leaves the others as they are and is named at the end. Exit status 0
means that all tasks are finished, 2 (with a line on stderr) that a task failed or the input is bad.
"""

import json
import os
import shutil
import sys
import time
import traceback
import warnings
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sg_assets.declarations.records.leaderboard import LeaderboardTask
from sg_assets.errors import SgAssetsError
from sg_assets.leaderboard.spec import LeaderboardSpec, read_spec
from sg_assets.machine import this_machine
from sg_assets.processes.job_process import machines_file, quiet_offline_environment, run_payload
from sg_assets.store.machine_record import Machine
from sg_assets.training.checkpoints import is_complete, locked_folder, read_machines, seal, write_machines
from sg_assets.training.progress import Log, reporter

if TYPE_CHECKING:
    from sg_assets.leaderboard.evaluation import TaskResult

BEHAVIOUR: Final = 2
"""Raised when the same spec gives other items of any task: it is part of the name of the folder of finished tasks."""
ITEMS = "items.parquet"
FACTS = "facts.json"
MACHINES = "machines.json"


def main(arguments: list[str]) -> int:
    """Run the job; returns the exit status."""
    return run_payload(arguments, _run_spec)


def _run_spec(path: Path) -> None:
    spec = read_spec(path)
    prepare_environment(spec)
    with reporter() as say:
        run(spec, say, machines_file(path))


def prepare_environment(spec: LeaderboardSpec) -> None:
    """Set what the libraries read when they are imported; only lm-eval's own tasks need the network."""
    offline = os.environ.get("HF_HUB_OFFLINE", "0")
    quiet_offline_environment()
    if spec.items is None:
        os.environ["HF_HUB_OFFLINE"] = offline
    if spec.threads is not None:
        os.environ |= dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "POLARS_MAX_THREADS"), str(spec.threads))
    # transformers warns of an attribute name that peft uses
    warnings.filterwarnings("ignore", message=".*is_gradient_checkpointing", category=FutureWarning)


def run(spec: LeaderboardSpec, say: Log, machines: Path | None = None) -> None:
    """Evaluate the tasks that are not finished yet.

    Args:
        spec: The job.
        say: Takes progress lines.
        machines: File for the machines its tasks were evaluated on.

    Raises:
        SgAssetsError: bad input, or tasks failed; the finished ones are stored.
    """
    with locked_folder(spec.kept, say) as kept:
        unfinished = [name for name in spec.tasks if not is_complete(kept.folder / name)]
        if len(unfinished) < len(spec.tasks):
            say(f"{spec.variant}: {len(spec.tasks) - len(unfinished)} of {len(spec.tasks)} tasks are finished already")
        failed = _evaluate(spec, unfinished, kept.folder, say) if unfinished else {}
        if machines is not None:
            write_machines(machines, _machines(kept.folder, spec.tasks))
    if failed:
        raise SgAssetsError(
            "; ".join(f"task '{name}' failed: {why}" for name, why in failed.items()),
            where=f"scores/leaderboard[{spec.variant}]",
            why="the exception is in the output of this process",
            remedy="Fix the cause and run the step again: finished tasks are kept",
        )


def _machines(folder: Path, names: Sequence[LeaderboardTask]) -> list[Machine]:
    """The machines that finished tasks were evaluated on."""
    return [
        machine for name in names if is_complete(folder / name) for machine in read_machines(folder / name / MACHINES)
    ]


def _evaluate(spec: LeaderboardSpec, names: list[LeaderboardTask], folder: Path, say: Log) -> dict[str, str]:
    """Evaluate tasks one after another; returns the error of each failed task."""
    import datasets

    from sg_assets.leaderboard.evaluation import Suite, evaluate, load_model, quiet_lm_eval

    datasets.disable_caching()  # a cached map would not draw from the random generator again
    suite = Suite(spec.items)
    for name in names:
        suite.task(name)
    loaded = load_model(spec)
    failed: dict[str, str] = {}
    for name in names:
        try:
            began = time.perf_counter()
            with quiet_lm_eval() if spec.items is not None else nullcontext():
                result = evaluate(loaded.model, suite, name, spec)
            seconds = time.perf_counter() - began
        except Exception as error:  # noqa: BLE001 - an error in one task must not lose the others
            traceback.print_exc()
            failed[name] = _error_text(error)
            say(f"{spec.variant}: {name} failed, {failed[name]}")
        else:
            measured = {"seconds": round(seconds, 1), "adapter_effect": loaded.adapter_effect}
            machine = this_machine(spec.threads, device=loaded.model.device.type)
            _save_task(result, measured, machine, folder / name)
            say(f"{spec.variant}: {name} on {result.items['item_id'].n_unique()} items, {seconds:.1f} s")
    return failed


def _error_text(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())


def _save_task(found: "TaskResult", measured: Mapping[str, object], machine: Machine, folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    found.items.write_parquet(folder / ITEMS)
    facts = {**found.facts, **measured}
    (folder / FACTS).write_text(json.dumps(facts, indent=1), encoding="utf-8")
    write_machines(folder / MACHINES, [machine])
    seal(folder)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
