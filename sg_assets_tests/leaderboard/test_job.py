"""The job as a process, on the demo's items and an untrained model."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest

from sg_assets.leaderboard.finished_tasks import finished_facts, finished_items, leaderboard_tasks
from sg_assets.leaderboard.local_tasks import local_tasks
from sg_assets.leaderboard.normalisation import TASK_NAMES
from sg_assets.leaderboard.scores import score_rows
from sg_assets.training.checkpoints import is_complete
from sg_assets_tests.adapters.micro_adapters import applied
from sg_assets_tests.leaderboard.conftest import Job, command, environment, spec_of

slow = pytest.mark.slow


@pytest.fixture(scope="module")
def finished(work: Path, generated: Path, micro_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What an undisturbed job over all six tasks kept."""
    folder = tmp_path_factory.mktemp("finished")
    spec = spec_of(micro_model, folder / "kept", tasks=TASK_NAMES, items=generated)
    subprocess.run(command(spec, folder), cwd=work, env=environment(work), check=True, capture_output=True)
    return spec.kept


@slow
def test_the_six_tasks_are_scored_from_their_items(finished: Path, generated: Path) -> None:
    items = finished_items(finished, TASK_NAMES)
    made = score_rows(items, leaderboard_tasks(TASK_NAMES, generated))
    assert made.filter(metric="normalised", slice="mean").height == 1
    assert made.filter(metric="raw", slice="mmlu_pro")["n"].item() == 4
    assert items.filter(slice="gpqa")["item_id"].str.starts_with("gpqa_").all()


@slow
def test_what_a_score_depends_on_is_told(finished: Path, generated: Path) -> None:
    facts = finished_facts(finished, TASK_NAMES)
    for name, task in local_tasks(pl.read_parquet(generated)).items():
        assert facts[name]["lm_eval"].startswith("0.4.")
        assert facts[name]["subtasks"].keys() == task.lower.keys()
    recorded = facts["mmlu_pro"]["subtasks"]["mmlu_pro"]
    assert (recorded["version"], recorded["shots"], recorded["items"]) == (1.0, 1, 4)


@slow
def test_a_killed_job_goes_on_with_the_task_it_was_in(
    finished: Path, work: Path, generated: Path, micro_model: Path, tmp_path: Path
) -> None:
    spec = spec_of(micro_model, tmp_path / "kept", tasks=TASK_NAMES, items=generated)
    process = subprocess.Popen(command(spec, tmp_path), cwd=work, env=environment(work), stderr=subprocess.DEVNULL)
    while not is_complete(spec.kept / TASK_NAMES[0]):
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    before = (spec.kept / TASK_NAMES[0] / "items.parquet").stat().st_mtime_ns
    ended = subprocess.run(
        command(spec, tmp_path), cwd=work, env=environment(work), capture_output=True, text=True, check=True
    )
    assert "of 6 tasks are finished already" in ended.stderr
    assert (spec.kept / TASK_NAMES[0] / "items.parquet").stat().st_mtime_ns == before
    assert finished_items(spec.kept, TASK_NAMES).equals(finished_items(finished, TASK_NAMES))


@slow
def test_the_adapter_answers_not_the_base(
    finished: Path, job: Job, generated: Path, micro_model: Path, tmp_path: Path
) -> None:
    adapter = tmp_path / "adapter"
    _random_adapter(micro_model, adapter)
    spec = spec_of(
        micro_model, tmp_path / "kept", tasks=("mmlu_pro", "musr"), items=generated, adapter=applied(adapter)
    )
    assert job(spec).returncode == 0
    assert not finished_items(spec.kept, spec.tasks).equals(finished_items(finished, spec.tasks))


def _random_adapter(model: Path, folder: Path) -> None:
    import torch
    from peft import LoraConfig, get_peft_model
    from transformers import AutoModelForCausalLM

    torch.manual_seed(3)
    config = LoraConfig(r=8, lora_alpha=800, target_modules=["q_proj", "v_proj", "o_proj"], init_lora_weights=False)
    get_peft_model(AutoModelForCausalLM.from_pretrained(model), config).save_pretrained(folder)


TWICE = """
import sys
from pathlib import Path
from types import SimpleNamespace
from sg_assets.declarations.records.model import Generation
from sg_assets.generation.transformers_engine import TransformersEngine
from sg_assets.leaderboard.job import main
model, other, spec = sys.argv[1:]
settings = Generation(batch_size=2, max_new_tokens=4, max_prompt_tokens=64, dtype="float32", device="cpu", threads=1)
engine = TransformersEngine(settings, (SimpleNamespace(fingerprint="f"), Path(model)), None)
assert len(list(engine.answer([[{"role": "user", "content": "first"}]]))) == 1
sys.exit(main([other]) or main([spec]))
"""
"""What a process does that jobs of one base share: answers, then the tasks of two variants."""


@slow
def test_after_other_jobs_of_its_process_the_items_are_the_same(
    finished: Path, work: Path, generated: Path, micro_model: Path, tmp_path: Path
) -> None:
    adapter = tmp_path / "adapter"
    _random_adapter(micro_model, adapter)
    specs = []
    for name, changes in (("other", {"adapter": applied(adapter)}), ("base", {})):
        spec = spec_of(micro_model, tmp_path / name, tasks=TASK_NAMES, items=generated, **changes)
        file = tmp_path / f"{name}.json"
        file.write_text(spec.model_dump_json())
        specs.append(str(file))
    command_line = [sys.executable, "-c", TWICE, str(micro_model), *specs]
    subprocess.run(command_line, cwd=work, env=environment(work), check=True, capture_output=True)
    assert finished_items(tmp_path / "base", TASK_NAMES).equals(finished_items(finished, TASK_NAMES))
    assert not finished_items(tmp_path / "other", TASK_NAMES).equals(finished_items(finished, TASK_NAMES))
