"""An interrupted and resumed run ends with the bytes of an uninterrupted run. In this process; kills are elsewhere."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.training import guards, job
from sg_assets.training.checkpoints import JobFolder, journal
from sg_assets.training.spec import TrainingSpec
from sg_assets_tests.training import data

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore:.*gradient_checkpointing:FutureWarning")]
Spec = Callable[[str], TrainingSpec]
Cut = Callable[..., None]


class Cutting(BaseException):
    """Stands in for a kill; no handler of errors catches it."""


def content(spec: TrainingSpec) -> dict[str, Any]:
    """All results of a run, without its cost."""
    summary: dict[str, Any] = json.loads((spec.output_dir / "summary.json").read_text())
    summary.pop("run")
    files = ("adapter/adapter_model.safetensors", "adapter/adapter_config.json", "curve.parquet")
    return summary | {name: (spec.output_dir / name).read_bytes() for name in files}


def steps_of(spec: TrainingSpec) -> list[int]:
    return [entry["step"] for entry in journal(spec.kept) if entry["event"] == "step"]


@pytest.fixture
def cut(monkeypatch: pytest.MonkeyPatch) -> Cut:
    """Runs a job until an event of a step."""
    note = JobFolder.note

    def run_until(spec: TrainingSpec, event: str, step: int) -> None:
        def cutting(self: JobFolder, noted: str, at: int = 0) -> None:
            note(self, noted, at)
            if (noted, at) == (event, step):
                raise Cutting

        with monkeypatch.context() as patch:
            patch.setattr(JobFolder, "note", cutting)
            with pytest.raises(Cutting):
                job.run(spec, lambda _: None)

    return run_until


@pytest.fixture
def spec(folder: Path, base: Path, sft: Path, tmp_path: Path) -> Spec:
    def make(name: str) -> TrainingSpec:
        parent, method = (sft / "adapter" if "_" in name else None), name.removeprefix("sft_")
        assert method in ("sft", "kto", "dpo")
        changes = {"epochs": 2.0, "gradient_accumulation": 2 if name == "sft" else 1}
        return data.spec(method, base, folder / f"{method}.parquet", tmp_path / name, parent=parent, **changes)  # type: ignore[arg-type]

    return make


@pytest.mark.parametrize("name", ["sft", "kto", "dpo", "sft_kto", "sft_dpo"])
def test_a_run_cut_twice_ends_as_one_that_was_not(spec: Spec, cut: Cut, tmp_path: Path, name: str) -> None:
    undisturbed = data.elsewhere(spec(name), tmp_path / "undisturbed")
    steps = job.run(undisturbed, lambda _: None)["steps"]
    disturbed, said = spec(name), list[str]()
    cut(disturbed, "step", 3)
    cut(disturbed, "step", steps)  # before the last checkpoint
    took = job.run(disturbed, said.append)["run"]
    assert content(disturbed) == content(undisturbed)
    last = (steps - 1) // 2 * 2
    assert f"resuming from step {last} of {steps}" in said
    assert took["resumed_from_steps"] == [2, last]
    assert took["steps_repeated"] == 1 + steps - last


def test_a_run_cut_after_its_last_step_trains_no_more(spec: Spec, cut: Cut, tmp_path: Path) -> None:
    undisturbed = data.elsewhere(spec("sft"), tmp_path / "undisturbed")
    steps = job.run(undisturbed, lambda _: None)["steps"]
    cut(spec("sft"), "trained", steps)
    assert job.run(spec("sft"), lambda _: None)["run"]["steps_repeated"] == 0
    assert content(spec("sft")) == content(undisturbed)


def test_a_finished_result_is_taken_over(spec: Spec, tmp_path: Path) -> None:
    first = spec("sft")
    job.run(first, lambda _: None)
    second, said = first.model_copy(update={"output_dir": tmp_path / "second"}), list[str]()
    job.run(second, said.append)
    assert said == ["sft_test: already trained, reusing the stored result"]
    assert content(second) == content(first)


def test_a_damaged_result_is_trained_anew(spec: Spec) -> None:
    job.run(spec("sft"), lambda _: None)
    expected = content(spec("sft"))
    (spec("sft").kept / "result" / "adapter" / "adapter_model.safetensors").write_bytes(b"")
    job.run(spec("sft"), lambda _: None)
    assert content(spec("sft")) == expected
    assert len(steps_of(spec("sft"))) == 2 * expected["steps"]


def test_a_torn_checkpoint_is_passed_over(spec: Spec, cut: Cut) -> None:
    cut(spec("sft"), "step", 5)
    (spec("sft").kept / "steps" / "checkpoint-4" / "optimizer.pt").write_bytes(b"torn")
    assert job.run(spec("sft"), lambda _: None)["run"]["resumed_from_steps"] == [2]


def test_the_disk_holds_two_checkpoints_and_in_the_end_none(spec: Spec, cut: Cut) -> None:
    cut(spec("kto"), "step", 9)
    steps = spec("kto").kept / "steps"
    assert {path.name for path in steps.glob("checkpoint-*")} == {"checkpoint-6", "checkpoint-8"}
    job.run(spec("kto"), lambda _: None)
    assert not steps.exists()


def test_what_a_guard_rejects_is_not_gone_on_from(spec: Spec, monkeypatch: pytest.MonkeyPatch) -> None:
    def reject(*_: object) -> None:
        raise SgAssetsError("no weight moved")

    with monkeypatch.context() as patch:
        patch.setattr(guards, "require_moved", reject)
        with pytest.raises(SgAssetsError):
            job.run(spec("sft"), lambda _: None)
    assert job.run(spec("sft"), lambda _: None)["run"]["resumed_from_steps"] == [0]


def test_checkpoints_fall_on_logged_steps() -> None:
    here = Path("here")
    spec = data.spec("sft", here, here, here, logging_steps=5).model_copy(update={"save_steps": 7})
    assert spec.checkpoint_steps == 10
