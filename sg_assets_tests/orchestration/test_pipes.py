"""Work in its own process: waiting for it, what it is started as, and where it keeps its progress."""

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import dagster as dg
import pytest
from pydantic import BaseModel

from sg_assets.demo import chat_model
from sg_assets.jobs.payload import read_payload
from sg_assets.jobs.step_job import details_file
from sg_assets.jobs.step_work import AnswerItems
from sg_assets.leaderboard import job as leaderboard_job
from sg_assets.orchestration import pipes
from sg_assets.orchestration.job_worker import Shared
from sg_assets.orchestration.pipes import checkpoint_folder, discard_checkpoints, run_job, run_step_job
from sg_assets.processes.endings import memory_kills
from sg_assets.processes.job_process import reason_file
from sg_assets.store.manifests import Code
from sg_assets.store.recipes import Recipe
from sg_assets.store.refs import Ref
from sg_assets.training import job as training_job
from sg_assets_tests.generation.prompt_tables import folder as prompt_folder
from sg_assets_tests.jobs.test_step_work import SETTINGS
from sg_assets_tests.store.steps import new_store
from sg_assets_tests.store.steps import workspace as opened_workspace

ANY: Any = None
PROGRAM = """
import os, signal, subprocess, threading
def interrupted(*_): raise RuntimeError
signal.signal(signal.SIGINT, interrupted)
import polars
from sg_assets.orchestration.pipes import let_interrupts_end_waits
let_interrupts_end_waits()
process = subprocess.Popen(["sleep", "60"])
threading.Timer(0.5, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
try:
    process.wait()
except RuntimeError:
    print("interrupted", process.poll())
    process.kill()
"""
EXAMPLES = SimpleNamespace(ref=Ref.parse("training/sft_examples"), fingerprint="f" * 32)


class Spec(BaseModel):
    """A job that is given nothing."""


@pytest.fixture
def project(tmp_path: Path) -> Any:
    return SimpleNamespace(settings=SimpleNamespace(checkpoints=tmp_path / "checkpoints"))


def kept(project: Any, *, behaviour: int = 1, code: str = "one", asset: str = "adapters/sft", rank: int = 8) -> Path:
    recipe = Recipe(Code(fingerprint=code, texts={}), {}, {"rank": rank}, ("pydantic",))
    workspace: Any = SimpleNamespace(ref=Ref.of(asset, "sft"), inputs={"training/sft_examples": [EXAMPLES]})
    return checkpoint_folder(project, workspace, recipe, behaviour)


@pytest.mark.slow
def test_a_wait_for_a_process_is_interrupted_though_polars_was_imported_after_the_handler_was_set() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["interrupted", "None"]


def test_a_job_is_given_a_payload_of_the_module_of_its_main(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    started: list[list[str]] = []
    environments: list[dict[str, str]] = []

    def client(env: dict[str, str]) -> Any:
        environments.append(env)
        return SimpleNamespace(run=lambda command, context: started.append(command))

    monkeypatch.setattr(dg, "PipesSubprocessClient", client)
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "4,5,6")
    pinned = SimpleNamespace(ref=EXAMPLES.ref, fingerprint=EXAMPLES.fingerprint, version="v")
    workspace: Any = SimpleNamespace(
        ref=Ref.parse("adapters/sft[a]"), folder=tmp_path, ran_on=list, inputs={"training/sft_examples": [pinned]},
        store=SimpleNamespace(path=lambda _: tmp_path),
    )  # fmt: skip
    profile = SimpleNamespace(local=SimpleNamespace(gpus=2))
    project: Any = SimpleNamespace(declared=SimpleNamespace(profile=profile))
    workers = FakeWorkers(0)
    monkeypatch.setattr(pipes, "WORKERS", workers)
    run_job(project, ANY, workspace, training_job.main, Spec(), device="auto")
    assert workers.ended == 1  # what was loaded for answers makes room for the training
    assert started == [[sys.executable, "-m", "sg_assets.jobs.entry", str(tmp_path / "payload.json")]]
    payload = read_payload(tmp_path / "payload.json")
    assert (payload.work, payload.step, payload.device) == ("sg_assets.training.job", "adapters/sft[a]", "auto")
    assert [content.fingerprint for content in payload.reads] == ["f" * 32]
    assert environments[0]["SG_CARDS"] == "4,5"


class FakeWorkers:
    """A worker that leaves what a job would, and ends as it is told."""

    def __init__(self, status: int, reason: str | None = None) -> None:
        self.status, self.reason = status, reason
        self.shared: list[Shared] = []
        self.ended = 0

    def run(self, file: Path, shared: Shared, environment: Any, variables: Any) -> int:
        self.shared.append(shared)
        assert environment["SG_PARENT_PID"]
        assert any(name.startswith("DAGSTER_PIPES") for name in variables)
        if self.reason is not None:
            reason_file(file.with_name("spec.json")).write_text(self.reason)
        details_file(file.with_name("spec.json")).write_text('{"answers_generated": 3}')
        return self.status

    def end(self) -> None:
        self.ended += 1


def shared_job(workers: FakeWorkers, folder: Path, patch: pytest.MonkeyPatch, model: str = "m" * 32) -> Any:
    """A step's answers by a worker; returns the step's workspace."""
    store = new_store(folder)
    pinned: Any = prompt_folder(store, "models/chat[base]", model)
    patch.setattr(pipes, "WORKERS", workers)
    project: Any = SimpleNamespace(declared=SimpleNamespace(profile=SimpleNamespace(local=None)))
    made: list[Any] = []

    @dg.asset
    def answers(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
        with opened_workspace(store, "responses/b[base]", pinned) as workspace:
            made.append(workspace)
            work = AnswerItems(query="SELECT 1", settings=SETTINGS, answers=folder)
            run_step_job(project, context, workspace, work, loads=["models/chat"], device="cpu", threads=2)
        return dg.MaterializeResult()

    with dg.DagsterInstance.ephemeral() as instance:
        result = dg.materialize([answers], instance=instance, raise_on_error=False)
    failures = [event.step_failure_data.error for event in result.all_events if event.is_step_failure]
    return made[0], failures


@pytest.mark.slow
def test_a_step_takes_over_what_its_job_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workers = FakeWorkers(0)
    workspace, failures = shared_job(workers, tmp_path, monkeypatch)
    assert failures == []
    assert workspace.details == {"answers_generated": 3}
    [shared] = workers.shared
    assert (shared.device, shared.threads) == ("cpu", 2)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("status", "reason", "said"),
    [(2, "2 of 3 requests failed.", "2 of 3 requests failed"), (-9, None, "SIGKILL"), (1, None, "failed with code 1")],
)
def test_a_step_says_how_its_job_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: int, reason: str | None, said: str
) -> None:
    workspace, [failure] = shared_job(FakeWorkers(status, reason), tmp_path, monkeypatch)
    assert said in (failure.cause or failure).message
    assert workspace.details == {}


@pytest.mark.slow
def test_jobs_that_load_other_models_share_no_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workers = FakeWorkers(0)
    for name, model in (("a", "one"), ("b", "one"), ("c", "other")):
        shared_job(workers, tmp_path / name, monkeypatch, model)
    first, second, third = workers.shared
    assert first == second
    assert first != third


@pytest.mark.parametrize("module", [training_job, chat_model, leaderboard_job])
def test_a_job_that_keeps_progress_declares_its_behaviour(module: Any) -> None:
    assert isinstance(module.BEHAVIOUR, int)


def test_another_behaviour_of_a_job_is_another_folder(project: Any) -> None:
    assert kept(project, behaviour=2) != kept(project, behaviour=1)


def test_other_parameters_or_another_asset_are_another_folder(project: Any) -> None:
    assert len({kept(project), kept(project, rank=16), kept(project, asset="adapters/kto")}) == 3


def test_an_edit_of_the_code_that_moves_no_result_goes_on_in_the_same_folder(project: Any) -> None:
    assert kept(project, code="another") == kept(project, code="one")


def test_what_a_published_version_kept_goes_by_its_manifest(project: Any) -> None:
    folder, other = kept(project), kept(project, behaviour=2)
    for kept_folder in (folder, other):
        kept_folder.mkdir(parents=True)
    manifest: Any = SimpleNamespace(
        asset="adapters/sft",
        inputs=[EXAMPLES],
        parameters={"rank": 8},
        libraries={"pydantic": version("pydantic")},
        code=Code(fingerprint="of an older commit", texts={}),
    )
    discard_checkpoints(project, 1, manifest)
    assert not folder.exists()
    assert other.exists()


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (-9, "SIGKILL"),
        (-11, "SIGSEGV"),
        (137, "SIGKILL"),
        (-7, "SIGBUS"),
        (2, "its reason could not be written"),
    ],
)
def test_a_job_that_a_signal_ended_is_named_by_it(status: int, said: str) -> None:
    error = pipes._stopped(f"External execution process failed with code {status}", "adapters/sft[a]", memory_kills())
    assert error is not None
    assert str(error).startswith("adapters/sft[a]: the job's process is gone. ")
    assert said in str(error)


@pytest.mark.parametrize("message", ["External execution process failed with code 1", "another message"])
def test_a_job_that_failed_by_itself_keeps_its_error(message: str) -> None:
    assert pipes._stopped(message, "adapters/sft[a]", memory_kills()) is None
