"""Jobs end to end on a micro model. Two run as processes of their own; the rest share this one's imports."""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

import dagster_pipes
import polars as pl
import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.training import job
from sg_assets.training.curve import CURVE_SCHEMA
from sg_assets.training.spec import TrainingSpec
from sg_assets_tests.training import data
from sg_assets_tests.training.conftest import start

pytestmark = pytest.mark.filterwarnings("ignore:.*gradient_checkpointing:FutureWarning")
Run = Callable[[str], Path]


def files(folder: Path) -> list[str]:
    return sorted(str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file())


def summary(folder: Path) -> dict[str, Any]:
    return dict(json.loads((folder / "summary.json").read_text()))


def adapter_bytes(folder: Path) -> list[bytes]:
    return [(folder / "adapter" / f).read_bytes() for f in ("adapter_model.safetensors", "adapter_config.json")]


def specs(folder: Path, base: Path, sft: Path) -> dict[str, TrainingSpec]:
    kto, dpo = folder / "kto.parquet", folder / "dpo.parquet"
    return {
        "kto": data.spec("kto", base, kto, folder / "kto"),
        "dpo": data.spec("dpo", base, dpo, folder / "dpo"),
        "sft_dpo": data.spec("dpo", base, dpo, folder / "sft_dpo", parent=sft / "adapter"),
        "sft_kto": data.spec("kto", base, kto, folder / "sft_kto", parent=sft / "adapter"),
    }


@pytest.fixture(scope="session")
def pipes(folder: Path, base: Path, sft: Path) -> tuple[Path, list[dict[str, Any]]]:
    """SFT + KTO run as Dagster runs it: its folder and the messages it sent."""
    messages = folder / "messages.jsonl"
    spec = specs(folder, base, sft)["sft_kto"]
    context: dict[str, Any] = {"asset_keys": None, "extras": {}, "run_id": "r", "job_name": None, "retry_number": 0}
    context |= {"code_version_by_asset_key": None, "provenance_by_asset_key": None, "partition_key": None}
    context |= {"partition_key_range": None, "partition_time_window": None}
    process = start(
        spec,
        DAGSTER_PIPES_CONTEXT=dagster_pipes.encode_param({"data": context}),
        DAGSTER_PIPES_MESSAGES=dagster_pipes.encode_param({"path": str(messages)}),
    )
    assert process.returncode == 0, process.stderr
    return spec.output_dir, [json.loads(line) for line in messages.read_text().splitlines()]


@pytest.fixture(scope="session")
def run(folder: Path, base: Path, sft: Path, pipes: tuple[Path, Any]) -> Run:
    """Runs a named job once and gives its folder."""
    done = {"sft": sft, "sft_kto": pipes[0]}

    def once(name: str) -> Path:
        if name not in done:
            spec = specs(folder, base, sft)[name]
            job.run(spec, lambda _: None)
            done[name] = spec.output_dir
        return done[name]

    return once


every_job = pytest.mark.parametrize("name", ["sft", "kto", "dpo", "sft_dpo", "sft_kto"])


@pytest.mark.slow
@every_job
def test_nothing_but_the_results_is_left(run: Run, name: str) -> None:
    assert files(run(name)) == [
        "adapter/adapter_config.json",
        "adapter/adapter_model.safetensors",
        "curve.parquet",
        "summary.json",
    ]


@pytest.mark.slow
@every_job
def test_the_adapter_loads_and_changes_the_logits(run: Run, base: Path, name: str) -> None:
    import torch
    from peft import PeftModel
    from transformers import AutoModelForCausalLM

    ids = torch.tensor([[0, 5, 6, 7, 8]])
    with torch.no_grad():
        model = AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32)
        plain = model(ids).logits
        tuned = PeftModel.from_pretrained(model, run(name) / "adapter")(ids).logits
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
def test_the_summary_counts(run: Run) -> None:
    counts = summary(run("sft_kto"))
    expected = {
        "method": "kto",
        "base_id": "models/chat[base]@v1",
        "parent_id": "adapters/sft[sft_test]@v1",
        "seed": 7,
        "rank": 4,
        "alpha": 4,
        "steps": 9,
        "train_rows": 36,
        "dev_rows": 8,
        "dev_rows_usable": 12,
        "dropped": {},
        "kto_weights": {"desirable": 1.0, "undesirable": 1.5},
        "trainable_parameters": 1664,  # 2 layers x 4 x (q: 32+32, v: 32+16, down: 64+32)
    }
    assert {name: counts[name] for name in expected} == expected
    assert counts["weights_moved"] > 0
    assert counts["tokens_seen"] > 36 * 20
    assert set(counts["libraries"]) >= {"torch", "transformers", "trl", "peft"}


@pytest.mark.slow
@every_job
def test_the_summary_tells_what_the_run_took(run: Run, name: str) -> None:
    took = summary(run(name))["run"]
    assert took["seconds"] > 0
    assert (took["resumed_from_steps"], took["steps_repeated"]) == ([], 0)


@pytest.mark.slow
@every_job
def test_the_gap_is_between_losses_of_the_trained_model(run: Run, name: str) -> None:
    losses, curve = summary(run(name)), pl.read_parquet(run(name) / "curve.parquet")
    assert losses["dev_loss"] == curve["dev_loss"][-1]
    assert losses["train_dev_gap"] == losses["dev_loss"] - losses["final_train_loss"]
    assert losses["final_train_loss"] < losses["train_loss"]


@pytest.mark.slow
def test_rows_too_long_go_before_kto_batches_are_laid_out(base: Path, tmp_path: Path) -> None:
    long = {"prompt": data.user("very " * 200)}
    rows = [row | (long if row["text_id"] == "t3" else {}) for row in data.examples("kto", 32, dev=8).to_dicts()]
    pl.DataFrame(rows).write_parquet(tmp_path / "rows.parquet")
    summary = job.run(data.spec("kto", base, tmp_path / "rows.parquet", tmp_path / "out"), lambda _: None)
    assert summary["dropped"] == {"too_long": 2, "incomplete_batch": 2}
    assert summary["train_rows"] == 32


@pytest.mark.slow
def test_the_config_names_labels_and_no_path(run: Run, folder: Path) -> None:
    text = (run("sft_kto") / "adapter" / "adapter_config.json").read_text()
    assert json.loads(text)["base_model_name_or_path"] == "models/chat[base]@v1"
    assert json.loads(text)["target_modules"] == ["down_proj", "q_proj", "v_proj"]
    assert str(folder) not in text


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


@pytest.mark.slow
def test_rows_without_a_dev_split_have_no_dev_loss(folder: Path, base: Path, tmp_path: Path) -> None:
    rows = pl.read_parquet(folder / "kto.parquet").filter(pl.col("split") == "train")
    rows.write_parquet(tmp_path / "rows.parquet")
    summary = job.run(data.spec("kto", base, tmp_path / "rows.parquet", tmp_path / "out"), lambda _: None)
    assert summary["dev_rows"] == 0
    assert [summary[name] for name in ("dev_loss", "final_train_loss", "train_dev_gap")] == [None] * 3


@pytest.mark.slow
def test_rows_that_are_all_too_long_are_an_error(sft_spec: TrainingSpec, tmp_path: Path) -> None:
    settings = sft_spec.settings.model_copy(update={"max_length": 8})
    spec = data.elsewhere(sft_spec, tmp_path, settings=settings)
    with pytest.raises(SgAssetsError, match=r"no training rows are left.*'too_long': 24"):
        job.run(spec, lambda _: None)


@pytest.mark.slow
def test_a_parent_of_another_rank_is_refused(
    folder: Path, base: Path, sft: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    spec = data.spec("dpo", base, folder / "dpo.parquet", tmp_path, parent=sft / "adapter", rank=8)
    assert main_on(spec) == 2
    assert "Give the variant its parent's rank" in capfd.readouterr().err


@pytest.mark.slow
def test_a_parent_without_weights_is_refused(folder: Path, base: Path, sft: Path, tmp_path: Path) -> None:
    (tmp_path / "parent").mkdir()
    config = (sft / "adapter" / "adapter_config.json").read_text()
    (tmp_path / "parent" / "adapter_config.json").write_text(config)
    spec = data.spec("dpo", base, folder / "dpo.parquet", tmp_path, parent=tmp_path / "parent")
    with pytest.raises(SgAssetsError, match=r"the parent adapter has no adapter_model\.safetensors"):
        job.run(spec, lambda _: None)


def main_on(spec: TrainingSpec) -> int:
    file = spec.output_dir / "spec.json"
    file.write_text(spec.model_dump_json())
    with mock.patch.dict(os.environ):
        return job.main([str(file)])


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
