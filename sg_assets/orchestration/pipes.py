"""Work in its own process, followed through Dagster Pipes."""

import os
import re
import signal
import sys
import warnings
from collections.abc import Callable, Iterable, Mapping
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from typing import Any

import dagster as dg
from pydantic import BaseModel

from sg_assets.errors import SgAssetsError
from sg_assets.jobs.entry import main as run_entry
from sg_assets.jobs.payload import SPEC, Device, Payload, contents_of, write_payload
from sg_assets.jobs.step_job import main as run_step_work
from sg_assets.jobs.step_job import read_details, step_spec_of
from sg_assets.jobs.step_work import AnyStepWork
from sg_assets.orchestration.dagster_internals import DagsterPipesExecutionError
from sg_assets.orchestration.job_worker import WORKERS, Shared
from sg_assets.orchestration.project import Project
from sg_assets.processes.cards import CARDS_VARIABLE, machine_cards
from sg_assets.processes.endings import MemoryKills, ending, memory_kills, signal_of
from sg_assets.processes.job_process import REFUSED, machines_file, reason_file
from sg_assets.processes.parent import PARENT_VARIABLE
from sg_assets.store.fingerprints import json_digest
from sg_assets.store.manifests import Manifest
from sg_assets.store.step import Recipe, Workspace
from sg_assets.training.checkpoints import discard, discard_unused, read_machines

GPU_POOL = "gpu"
_MONTH = 30 * 24 * 3600.0
"""In seconds."""
_STATUS = re.compile(r"-?\d+$")
"""The exit status in Dagster's message, which has no other place for it."""

_NO_CODE_IN_DATA: Mapping[str, str] = {"TORCH_FORCE_WEIGHTS_ONLY_LOAD": "1"}
"""Lets no library of a job unpickle objects: checkpoints lie in the home, and what lies there runs no code."""

# Dagster warns of its own internals at every launch; this module does not use them.
warnings.filterwarnings("ignore", message=r".*PipesMessageReader\.expected_writer_count", category=dg.PreviewWarning)


def run_job(
    project: Project,
    context: dg.AssetExecutionContext,
    workspace: Workspace,
    main: Callable[[list[str]], int],
    spec: BaseModel,
    *,
    device: Device = "cpu",
) -> None:
    """Run a job's module on a spec, in a process of its own, and wait.

    Its log lines come through Pipes, the machines it ran on as a file. What this process keeps loaded for other jobs
    ends first, so that its memory is free; a GPU card is leased by the job itself.

    A cancelled run interrupts the job, and the job ends by itself when this process is killed.

    Args:
        project: The project: its profile says which cards there are.
        context: Of the step.
        workspace: Of the step; payload and spec go to its folder.
        main: The main function of the job's module: the same object that the step's recipe names.
        spec: The job's parameters.
        device: What the spec says of it: a job on ``cpu`` needs no card.

    Raises:
        SgAssetsError: the job refused its input, or was ended by a signal; says by which, and whether memory ran out.
        DagsterPipesExecutionError: the process failed for another reason; its traceback is in the step's stderr.
    """
    file = _written(workspace, main, spec, device)
    WORKERS.end()
    command = [sys.executable, "-m", run_entry.__module__, str(file)]
    client = dg.PipesSubprocessClient(env=job_environment(project))
    let_interrupts_end_waits()
    kills_before = memory_kills()
    try:
        client.run(command=command, context=context)
    except DagsterPipesExecutionError as error:
        raise _failure(error, workspace, file, kills_before) from error
    workspace.ran_on(read_machines(machines_file(file.with_name(SPEC))))


def run_shared_job(
    project: Project,
    context: dg.AssetExecutionContext,
    workspace: Workspace,
    main: Callable[[list[str]], int],
    spec: BaseModel,
    *,
    device: Device,
    threads: int | None,
    loads: Iterable[str] = (),
    models: Iterable[str] = (),
) -> None:
    """The same as `run_job`, in a process that further jobs with the same models may follow in (`jobs/worker.py`).

    Args:
        project: The project.
        context: Of the step.
        workspace: Of the step.
        main: The main function of the job's module.
        spec: The job's parameters.
        device: Where it computes.
        threads: The CPU threads of its work.
        loads: The inputs that hold the models it loads: jobs that load others have another process.
        models: Such models by digest, or by a folder that is named by its content.

    Raises:
        SgAssetsError: the job refused its input, or was ended by a signal.
        DagsterPipesExecutionError: the process failed for another reason.
    """
    digests = (version.fingerprint for asset in loads for version in workspace.inputs[asset])
    shared = Shared(json_digest(sorted([*digests, *models])), device, threads)
    file = _written(workspace, main, spec, device, shared.base)
    let_interrupts_end_waits()
    kills_before = memory_kills()
    with dg.open_pipes_session(
        context=context,
        context_injector=dg.PipesTempFileContextInjector(),
        message_reader=dg.PipesTempFileMessageReader(),
    ) as session:
        status = WORKERS.run(file, shared, job_environment(project), session.get_bootstrap_env_vars())
        if status:
            error = DagsterPipesExecutionError(f"External execution process failed with code {status}")
            raise _failure(error, workspace, file, kills_before)
    workspace.ran_on(read_machines(machines_file(file.with_name(SPEC))))


def run_step_job(
    project: Project,
    context: dg.AssetExecutionContext,
    workspace: Workspace,
    work: AnyStepWork,
    *,
    loads: Iterable[str],
    device: Device,
    threads: int | None,
) -> None:
    """Have a job do a step's work with loaded models: the function that the recipe names, on the step's inputs.

    Args:
        project: The project.
        context: Of the step.
        workspace: Of the step.
        work: The function, with the declared values that it is given.
        loads: The inputs that hold the models it loads.
        device: Where it computes.
        threads: The CPU threads of its work.

    Raises:
        SgAssetsError: the work raised it, or the job's process is gone.
        DagsterPipesExecutionError: the process failed for another reason.
    """
    spec = step_spec_of(workspace, work, context.run.run_id)
    run_shared_job(project, context, workspace, run_step_work, spec, loads=loads, device=device, threads=threads)
    workspace.details.update(read_details(workspace.folder / SPEC))


def job_environment(project: Project) -> dict[str, str]:
    """What a job's process finds in its environment, besides this process's own."""
    local = project.declared.profile.local
    cards = machine_cards(None if local is None else local.gpus)
    return {PARENT_VARIABLE: str(os.getpid()), CARDS_VARIABLE: ",".join(cards), **_NO_CODE_IN_DATA}


def _written(
    workspace: Workspace, main: Callable[[list[str]], int], spec: BaseModel, device: Device, base: str | None = None
) -> Path:
    """A job's payload, in the step's folder, where nothing is left of an earlier job of the step."""
    pinned = chain.from_iterable(workspace.inputs.values())
    payload = Payload.model_validate(
        {
            "work": main.__module__,
            "step": str(workspace.ref),
            "spec": spec.model_dump(mode="json"),
            "reads": contents_of(pinned, workspace.store.path),
            "device": device,
            "base": base,
        }
    )
    file = write_payload(workspace.folder, payload)
    for path in (file, file.with_name(SPEC)):
        reason_file(path).unlink(missing_ok=True)
    machines_file(file.with_name(SPEC)).unlink(missing_ok=True)
    return file


def _failure(
    error: DagsterPipesExecutionError, workspace: Workspace, file: Path, kills_before: MemoryKills
) -> Exception:
    """The error for a job that failed: with its reason where it left one."""
    where = str(workspace.ref)
    for path in (file.with_name(SPEC), file):
        if reason_file(path).exists():
            return SgAssetsError(reason_file(path).read_text(encoding="utf-8"), where=where)
    return _stopped(str(error), where, kills_before) or error


def _stopped(message: str, where: str, kills_before: MemoryKills) -> SgAssetsError | None:
    """The error for a job that a signal ended, or that could not leave its reason; None where another error did."""
    match = _STATUS.search(message)
    status = int(match[0]) if match else 1
    if status == REFUSED:
        why = "it stopped, and its reason could not be written, as where the disk is full; the step's stderr has it"
    elif signal_of(status) is not None:
        why = ending(status, kills_before, memory_kills())
    else:
        return None
    remedy = "Run it again: it goes on from what is stored"
    return SgAssetsError("the job's process is gone", where=where, why=why, remedy=remedy)


def let_interrupts_end_waits() -> None:
    """Let an interrupt end a wait for a process.

    When Polars is first imported it puts a handler of its own before the existing ones, and has the kernel resume
    waits: a cancelled run would notice only when its job is done.
    """
    signal.siginterrupt(signal.SIGINT, True)


def checkpoint_folder(project: Project, workspace: Workspace, recipe: Recipe, behaviour: int) -> Path:
    """The folder of a job's checkpoints and result, named by all that decides the result.

    The job's code is in the name by the behaviour version it declares: an edit that changes no result loses no
    progress. Folders of other jobs that were not used for a month are removed on the way.

    Args:
        project: The project.
        workspace: Of the step.
        recipe: Of the step.
        behaviour: The job's behaviour version, as its module declares it.
    """
    discard_unused(project.settings.checkpoints, _MONTH)
    inputs = [(str(version.ref), version.fingerprint) for pinned in workspace.inputs.values() for version in pinned]
    libraries = {name: version(name) for name in recipe.libraries}
    return _folder(
        project, workspace.ref.asset, inputs, behaviour=behaviour, parameters=recipe.parameters, libraries=libraries
    )


def discard_checkpoints(project: Project, behaviour: int, manifest: Manifest) -> None:
    """Remove the checkpoints of a published version's job, unless another run waits for the same work."""
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
    deciding = {
        "asset": asset,
        "inputs": sorted(map(list, inputs)),
        "behaviour": behaviour,
        "parameters": dict(parameters),
        "libraries": dict(libraries),
    }
    return project.settings.checkpoints / json_digest(deciding)
