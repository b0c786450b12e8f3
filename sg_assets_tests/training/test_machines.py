"""The same training on another kind of machine: another adapter, and the machine is named for it."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from sg_assets.lineage.causes import Kind
from sg_assets.lineage.render import why_text
from sg_assets.lineage.walk import explain
from sg_assets.machine import LIMITS
from sg_assets.processes.job_process import machines_file
from sg_assets.store.manifests import Manifest
from sg_assets.store.step import Workspace
from sg_assets.store.store import Store
from sg_assets.training import job
from sg_assets.training.checkpoints import JobFolder, read_machines
from sg_assets.training.spec import TrainingSpec
from sg_assets_tests.store.steps import new_store, recipe, step
from sg_assets_tests.training import data
from sg_assets_tests.training.jobs import start

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore:.*gradient_checkpointing:FutureWarning")]
AVX2 = {"ATEN_CPU_CAPABILITY": "avx2", "ONEDNN_MAX_CPU_ISA": "AVX2"}


def training(spec: TrainingSpec, **limits: str) -> Callable[[Workspace], None]:
    """A step's work: the job in its own process, under limits to its instruction set."""

    def work(workspace: Workspace) -> None:
        ended = start(spec, **dict.fromkeys(LIMITS, "") | limits)
        assert ended.returncode == 0, ended.stderr
        shutil.move(spec.output_dir / "adapter", workspace.result_folder)
        workspace.ran_on(read_machines(machines_file(spec.output_dir.with_suffix(".json"))))

    return work


def trained(store: Store, spec: TrainingSpec, **limits: str) -> Manifest:
    return step(store, "adapters/sft[v]", training(spec, **limits), made_by=recipe(key=())).manifest


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Holds a store for each kind of machine."""
    return tmp_path_factory.mktemp("machines")


@pytest.fixture(scope="module")
def made(folder: Path, base: Path, root: Path) -> tuple[Manifest, Manifest]:
    """The same training with all instructions of this processor, and with AVX2."""

    def train(name: str, **limits: str) -> Manifest:
        spec = data.spec("sft", base, folder / "sft.parquet", root / name / "job")
        return trained(new_store(root / name), spec, **limits)

    return train("all"), train("avx2", **AVX2)


def test_a_training_records_the_instruction_set_it_used(made: tuple[Manifest, Manifest]) -> None:
    _, limited = made
    [machine] = limited.machines
    assert machine.kind.limits == AVX2
    assert machine.kind.threads == 1
    assert machine.kind.instruction_set in ("AVX2", "DEFAULT")


def test_where_another_instruction_set_gives_another_adapter_the_machine_is_named(
    made: tuple[Manifest, Manifest], root: Path
) -> None:
    before, after = made
    if before.machines[0].kind.instruction_set != "AVX512":
        pytest.skip(f"this processor has no AVX512 but {before.machines[0].kind.instruction_set}")
    if before.fingerprint == after.fingerprint:
        pytest.skip("AVX512 and AVX2 give equal bytes here")
    shutil.copytree(root / "avx2", root / "all", dirs_exist_ok=True)
    explanation = explain(new_store(root / "all"), before, after)
    assert {cause.kind for cause in explanation.causes} == {Kind.MACHINE}
    assert "machine instruction set: AVX512 -> AVX2" in [why_text.cause_line(cause) for cause in explanation.causes]


class Cutting(BaseException):
    """Stands in for a kill; no handler of errors catches it."""


def test_a_training_that_went_on_elsewhere_names_both_machines(
    folder: Path, base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec, note = data.spec("sft", base, folder / "sft.parquet", tmp_path / "job"), JobFolder.note

    def cutting(kept: JobFolder, event: str, at: int = 0) -> None:
        note(kept, event, at)
        if (event, at) == ("step", 3):
            raise Cutting

    with monkeypatch.context() as patch:
        patch.setattr(JobFolder, "note", cutting)
        with pytest.raises(Cutting):
            job.run(spec, lambda _: None)
    machines = trained(new_store(tmp_path), spec, **AVX2).machines
    assert [machine.kind.limits for machine in machines] == [{}, AVX2]


def test_a_result_that_is_taken_over_keeps_its_machine(folder: Path, base: Path, tmp_path: Path) -> None:
    spec = data.spec("sft", base, folder / "sft.parquet", tmp_path / "job")
    job.run(spec, lambda _: None, tmp_path / "first")
    [taken_over] = trained(new_store(tmp_path), spec, **AVX2).machines
    assert [taken_over] == read_machines(tmp_path / "first")
    assert taken_over.kind.limits == {}


def test_no_file_of_a_training_tells_the_machine(folder: Path, base: Path, tmp_path: Path) -> None:
    spec = data.spec("sft", base, folder / "sft.parquet", tmp_path / "job")
    job.run(spec, lambda _: None, tmp_path / "machines")
    assert sorted(path.name for path in spec.output_dir.rglob("*") if path.is_file()) == [
        "adapter_config.json", "adapter_model.safetensors", "curve.parquet", "summary.json",
    ]  # fmt: skip
    assert "instruction_set" not in (spec.output_dir / "summary.json").read_text()
