"""Work in its own process, followed through Dagster Pipes."""

import os
import signal
import sys
import warnings
from collections.abc import Callable, Iterable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import dagster as dg
from dagster._core.errors import DagsterPipesExecutionError
from pydantic import BaseModel

from sg_assets.errors import SgAssetsError
from sg_assets.orchestration.project import Project
from sg_assets.processes.job_process import machines_file, reason_file
from sg_assets.processes.parent import PARENT_VARIABLE
from sg_assets.store.fingerprints import json_digest
from sg_assets.store.manifests import Manifest
from sg_assets.store.step import Recipe, Workspace
from sg_assets.training.checkpoints import discard, discard_unused, read_machines

GPU_POOL = "gpu"
_MONTH = 30 * 24 * 3600.0
"""In seconds."""

# Said by Dagster of its own internals at every launch; nothing here uses what it is about.
warnings.filterwarnings("ignore", message=r".*PipesMessageReader\.expected_writer_count", category=dg.PreviewWarning)


def run_job(
    context: dg.AssetExecutionContext, workspace: Workspace, main: Callable[[list[str]], int], spec: BaseModel
) -> None:
    """Run a job's module on a spec, in a process of its own, and wait.

    Its log lines come through Pipes, the machines it ran on as a file.

    A cancelled run interrupts the job, and the job ends by itself when this process is killed.

    Args:
        context: Of the step.
        workspace: Of the step; the spec goes to its folder.
        main: What the job's module runs: the same object that the step's recipe names.
        spec: What the job is given.

    Raises:
        SgAssetsError: the job refused its input.
        DagsterPipesExecutionError: the process failed otherwise; its traceback is in the step's stderr.
    """
    path: Path = workspace.folder / "spec.json"
    for left in (reason_file(path), machines_file(path)):
        left.unlink(missing_ok=True)  # of an earlier job of this step
    path.write_text(spec.model_dump_json(indent=1), encoding="utf-8")
    command = [sys.executable, "-m", main.__module__, str(path)]
    client = dg.PipesSubprocessClient(env={PARENT_VARIABLE: str(os.getpid())})
    hear_interrupts()
    try:
        client.run(command=command, context=context)
    except DagsterPipesExecutionError as error:
        if not reason_file(path).exists():
            raise
        raise SgAssetsError(reason_file(path).read_text(encoding="utf-8"), where=str(workspace.ref)) from error
    workspace.ran_on(read_machines(machines_file(path)))


def hear_interrupts() -> None:
    """Let an interrupt end a wait for a process.

    Polars puts a handler of its own before those that are there when it is first imported, and has the kernel take up
    waits again: a cancelled run would hear of it when its job is done.
    """
    signal.siginterrupt(signal.SIGINT, True)


def kept_folder(project: Project, workspace: Workspace, recipe: Recipe, behaviour: int) -> Path:
    """Where the job of a step keeps its checkpoints and result, named by all that decides the result.

    Its code is in the name by the behaviour it declares: an edit that moves no result loses no progress. What other
    jobs kept and nobody took up for a month is removed on the way.

    Args:
        project: The project.
        workspace: Of the step.
        recipe: Of the step.
        behaviour: Of the job, as its module declares it.
    """
    discard_unused(project.settings.checkpoints, _MONTH)
    inputs = [(str(one.ref), one.fingerprint) for pinned in workspace.inputs.values() for one in pinned]
    libraries = {name: version(name) for name in recipe.libraries}
    return _folder(
        project, workspace.ref.asset, inputs, behaviour=behaviour, parameters=recipe.parameters, libraries=libraries
    )


def discard_kept(project: Project, behaviour: int, manifest: Manifest) -> None:
    """Remove what the job of a published version kept; whoever waits for the same work keeps it alive."""
    inputs = [(str(pin.ref), pin.fingerprint) for pin in manifest.inputs]
    folder = _folder(
        project, manifest.asset, inputs,
        behaviour=behaviour, parameters=manifest.parameters, libraries=manifest.libraries,
    )  # fmt: skip
    discard(folder)


def _folder(
    project: Project,
    asset: str,
    inputs: Iterable[tuple[str, str]],
    *,
    behaviour: int,
    parameters: Mapping[str, Any],
    libraries: Mapping[str, str],
) -> Path:
    decides = {
        "asset": asset,
        "inputs": sorted(map(list, inputs)),
        "behaviour": behaviour,
        "parameters": dict(parameters),
        "libraries": dict(libraries),
    }
    return project.settings.checkpoints / json_digest(decides)
