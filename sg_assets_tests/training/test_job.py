"""Jobs end to end on a micro model. Two run as processes of their own; the rest share this one's imports."""

import subprocess
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from sg_assets.declarations import load_declarations
from sg_assets.declarations.grids import read_variants
from sg_assets.declarations.losses import LOSSES, SMOOTHED
from sg_assets.training import job
from sg_assets.training.curve import CURVE_SCHEMA
from sg_assets.training.hyperparameters import training_settings
from sg_assets.training.spec import TrainingSpec
from sg_assets_tests.paths import PROJECT
from sg_assets_tests.training import data
from sg_assets_tests.training.jobs import Run, every_job, main_on, specs, summary

pytestmark = pytest.mark.filterwarnings("ignore:.*gradient_checkpointing:FutureWarning")


def adapter_bytes(folder: Path) -> list[bytes]:
    return [(folder / "adapter" / f).read_bytes() for f in ("adapter_model.safetensors", "adapter_config.json")]


@pytest.mark.slow
@every_job
def test_the_adapter_loads_and_changes_the_logits(run: Run, base: Path, name: str) -> None:
    import torch
    from peft import PeftModel
    from transformers import AutoModelForCausalLM

    ids, trained = torch.tensor([[0, 5, 6, 7, 8]]), run(name)  # a job that has not run yet needs gradients
    with torch.no_grad():
        model = AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32)
        plain = model(ids).logits
        tuned = PeftModel.from_pretrained(model, trained / "adapter")(ids).logits
    assert (tuned - plain).abs().max() > 1e-3


@pytest.mark.slow
@every_job
def test_the_curve_has_the_fixed_schema(run: Run, name: str) -> None:
    curve = pl.read_parquet(run(name) / "curve.parquet")
    assert dict(curve.schema) == CURVE_SCHEMA
    logged = curve.drop_nulls("loss")["step"].to_list()
    assert logged[:3] == [1, 2, 4]
    assert logged[-1] == curve["step"][-1] == summary(run(name))["steps"]
    assert len(curve.drop_nulls("dev_loss")) == 3
    assert (curve["reward_margin"].count() > 0) == (name != "sft")
    assert (curve["kl"].count() > 0) == ("kto" in name)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "untrained"),
    [("sft", 6.7), ("dpo", 0.693), ("sft_dpo", 0.693), ("kto", 0.583), ("sft_kto", 0.583)],  # kto: (8 + 4 * 1.5) / 24
)
def test_learning_lowers_the_loss_on_dev(run: Run, name: str, untrained: float) -> None:
    assert summary(run(name))["dev_loss"] < untrained - 0.03


@pytest.mark.slow
@pytest.mark.parametrize("name", ["kto", "dpo", "sft_dpo", "sft_kto"])
def test_the_reference_is_what_the_run_starts_from(run: Run, name: str) -> None:
    assert summary(run(name))["step0_gap"] < 1e-5


@pytest.mark.slow
def test_the_same_spec_gives_the_same_bytes(sft: Path, sft_spec: TrainingSpec, tmp_path: Path) -> None:
    # another process, another hash seed, another folder, and the rows in another order on disk
    pl.read_parquet(sft_spec.examples).reverse().write_parquet(tmp_path / "rows.parquet")
    again = data.elsewhere(sft_spec, tmp_path, examples=tmp_path / "rows.parquet")
    job.run(again, lambda _: None)
    assert adapter_bytes(again.output_dir) == adapter_bytes(sft)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["kto", "dpo", "sft_dpo", "sft_kto"])
def test_a_preference_job_gives_the_same_bytes_again(
    run: Run, folder: Path, base: Path, sft: Path, tmp_path: Path, name: str
) -> None:
    again = data.elsewhere(specs(folder, base, sft)[name], tmp_path)
    job.run(again, lambda _: None)
    assert adapter_bytes(again.output_dir) == adapter_bytes(run(name))


@pytest.mark.slow
def test_another_seed_gives_other_bytes(sft: Path, sft_spec: TrainingSpec, tmp_path: Path) -> None:
    settings = sft_spec.settings.model_copy(update={"seed": 8})
    other = data.elsewhere(sft_spec, tmp_path, settings=settings)
    job.run(other, lambda _: None)
    assert adapter_bytes(other.output_dir)[0] != adapter_bytes(sft)[0]


@pytest.mark.slow
def test_progress_goes_to_stderr(sft_process: subprocess.CompletedProcess[str]) -> None:
    assert "step 6/6 (100 %), loss " in sft_process.stderr
    assert "Warning" not in sft_process.stderr
    assert sft_process.stdout == ""


@pytest.mark.slow
def test_progress_goes_to_dagster(pipes: tuple[Path, list[dict[str, Any]]]) -> None:
    logged = [m["params"] for m in pipes[1] if m["method"] == "log"]
    assert any(m["message"].startswith("step 9/9 (100 %), loss ") and m["level"] == "INFO" for m in logged)


def test_bad_input_is_one_line_and_a_status(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec = data.spec("sft", tmp_path / "base", tmp_path / "nowhere.parquet", tmp_path)
    assert main_on(spec) == 2
    error = capsys.readouterr().err
    assert "nowhere.parquet: cannot read the training examples" in error
    assert error.count("\n") == 1


def test_a_failed_run_leaves_no_older_success(tmp_path: Path) -> None:
    (tmp_path / "summary.json").write_text("{}")
    main_on(data.spec("sft", tmp_path / "base", tmp_path / "nowhere.parquet", tmp_path))
    assert not (tmp_path / "summary.json").exists()


def test_the_job_wants_one_argument(capsys: pytest.CaptureFixture[str]) -> None:
    assert job.main([]) == 2
    assert "SPEC.json" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.parametrize(("method", "name"), [(method, name) for method in LOSSES for name in LOSSES[method]])
def test_every_loss_trains_from_an_sft_model(
    folder: Path, base: Path, sft: Path, tmp_path: Path, method: Any, name: str
) -> None:
    losses = {"sigmoid": 1.0, name: 0.2} if name == "sft" else {name: 1.0}
    smoothing = {"label_smoothing": 0.1} if name in SMOOTHED else {}
    examples = folder / f"{method}.parquet"
    spec = data.spec(method, base, examples, tmp_path / "out", parent=sft / "adapter", loss=losses, **smoothing)
    trained = job.run(spec, lambda _: None)
    assert trained["weights_moved"] > 0
    assert trained["step0_gap"] < 1e-5
    assert trained["steps"] >= 6


@pytest.mark.slow
def test_a_loss_without_partners_leaves_no_row_out(folder: Path, base: Path, tmp_path: Path) -> None:
    losses = {"apo_zero_unpaired": 1.0}
    spec = data.spec("kto", base, folder / "kto.parquet", tmp_path / "out", batch_size=5, loss=losses)
    trained = job.run(spec, lambda _: None)
    assert (trained["train_rows"], trained["dropped"]) == (36, {})


@pytest.mark.slow
def test_the_members_of_a_grid_train_each_by_its_own_values(
    folder: Path, base: Path, sft: Path, tmp_path: Path
) -> None:
    path = tmp_path / "models/variants/sweep.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(
        "description: x\nmethod: dpo\nparent: base\nmix: unsafe_only\nrank: 64\n"
        "grid: {loss: [ipo, [sigmoid, sft]], learning_rate: [0.001, 0.005]}\n"
    )
    profile = load_declarations(PROJECT, "tiny").profile
    trained: dict[str, tuple[dict[str, Any], bytes]] = {}
    for member in read_variants(path, tmp_path):
        spec = data.spec("dpo", base, folder / "dpo.parquet", tmp_path / member.name, parent=sft / "adapter")
        settings = training_settings(member, profile).model_copy(
            update={"target_modules": spec.settings.target_modules}
        )
        spec = spec.model_copy(update={"settings": settings, "variant": member.name})
        trained[member.name] = (job.run(spec, lambda _: None), adapter_bytes(spec.output_dir)[0])
    assert len(trained) == len({weights for _, weights in trained.values()}) == 4
    assert {summary["rank"] for summary, _ in trained.values()} == {4}
