"""A step and its job as two processes that can be killed, cheap to start: forked from a server that has torch imported.

The run process is :func:`run_process`; it forks the job, waits for it and publishes, as an adapter's step does with
``python -m sg_assets.training.job``.
"""

import multiprocessing
import os
import shutil
import signal
import sys
import time
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path
from unittest import mock

from sg_assets.processes.parent import PARENT_VARIABLE
from sg_assets.store.manifests import Code, Manifest
from sg_assets.store.refs import Ref
from sg_assets.store.step import Recipe, Workspace, run_step
from sg_assets.store.store import Store
from sg_assets.training import job
from sg_assets.training.checkpoints import journal
from sg_assets.training.spec import TrainingSpec
from sg_assets_tests.training import data

REF = Ref.parse("adapters/any[one]")
_HEAVY = ("torch", "trl.trainer.sft_trainer", "trl.trainer.kto_trainer", "trl.trainer.dpo_trainer", "peft", "datasets")
_LLAMA = ("transformers.models.llama.modeling_llama", "transformers.trainer", "sg_assets.training.inputs")


@dataclass(frozen=True)
class Home:
    """Where one training's processes work."""

    folder: Path
    spec: TrainingSpec

    @property
    def job_file(self) -> Path:
        """Holds the job's process id."""
        return self.folder / "job.pid"

    @property
    def log(self) -> str:
        """What the processes said."""
        return (self.folder / "log.txt").read_text()

    def job_pid(self) -> int | None:
        return int(self.job_file.read_text() or 0) or None if self.job_file.exists() else None

    def versions(self) -> list[Manifest]:
        return Store(self.folder / "store", "demo").versions(REF)


def home(folder: Path, spec: TrainingSpec) -> Home:
    """A new home in a folder."""
    folder.mkdir()
    return Home(folder, spec.model_copy(update={"kept": folder / "checkpoints" / "key"}))


def server() -> multiprocessing.context.ForkServerContext:
    """Start the server all run processes are forked from."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([*_HEAVY, *_LLAMA, __name__])
    with mock.patch.dict(os.environ):
        job.prepare_environment(data.settings())
        first = context.Process(target=os.getpid)
        first.start()  # starts the server, which imports; nothing is timed before it is ready
        first.join()
    return context


def start(context: multiprocessing.context.ForkServerContext, job_home: Home) -> BaseProcess:
    """Start a run process."""
    job_home.job_file.unlink(missing_ok=True)
    process = context.Process(target=run_process, args=(job_home,))
    process.start()
    return process


def run_process(job_home: Home) -> None:
    """The step: fork the job, wait for it, publish its adapter."""
    with (job_home.folder / "log.txt").open("a") as log:
        for descriptor in (1, 2):
            os.dup2(log.fileno(), descriptor)
    recipe = Recipe(Code(fingerprint="code", texts={}), {}, {})
    store = Store(job_home.folder / "store", "demo")
    run_step(store, REF, [], recipe, lambda work: _work(work, job_home), run_id=str(os.getpid()), log=lambda _: None)


def _work(workspace: Workspace, job_home: Home) -> None:
    spec = job_home.spec.model_copy(update={"output_dir": workspace.folder / "training"})
    file = workspace.folder / "spec.json"
    file.write_text(spec.model_dump_json())
    parent = os.getpid()
    pid = os.fork()
    if not pid:
        _be_the_job(file, parent)
    job_home.job_file.write_text(str(pid))
    if os.waitpid(pid, 0)[1]:
        sys.exit("the job failed")
    shutil.move(spec.output_dir / "adapter", workspace.result_folder)


def _be_the_job(file: Path, parent: int) -> None:
    os.environ[PARENT_VARIABLE] = str(parent)
    status = 1
    try:
        status = job.main([str(file)])
    finally:
        os._exit(status)


def kill(pid: int | None) -> None:
    """SIGKILL, if there is such a process."""
    if pid is not None:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            return


def wait_for_job(job_home: Home, process: BaseProcess) -> int | None:
    """The job's process id, once it is forked; None if the run process ended before."""
    while job_home.job_pid() is None and process.is_alive():
        time.sleep(0.005)
    return job_home.job_pid()


def require_never_doubled(job_home: Home, kills: int) -> None:
    """The journal must show one process at a time, each going on from a checkpoint of those before it."""
    spans: list[tuple[int, int, list[int]]] = []
    for entry in journal(job_home.spec.kept):
        if entry["event"] == "began":
            spans.append((entry["pid"], entry["step"], []))
        elif entry["event"] == "step":
            pid, _, steps = spans[-1]
            assert entry["pid"] == pid, "two processes trained at a time"
            steps.append(entry["step"])
    assert len({pid for pid, _, _ in spans}) == len(spans) <= kills + 1
    reached = 0
    for _, start_step, steps in spans:
        assert start_step % job_home.spec.checkpoint_steps == 0 or start_step == reached
        # a kill costs the steps since the last checkpoint, and one interval more where it tore the newest
        assert reached - 2 * job_home.spec.checkpoint_steps <= start_step <= reached
        assert steps == list(range(start_step + 1, start_step + 1 + len(steps)))
        reached = max(reached, start_step + len(steps))
