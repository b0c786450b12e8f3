"""The files a run writes: adapter, curve and summary."""

import json
from pathlib import Path

import polars as pl
import pytest

from sg_assets.training import job
from sg_assets_tests.training import data
from sg_assets_tests.training.jobs import Run, every_job, summary

pytestmark = pytest.mark.filterwarnings("ignore:.*gradient_checkpointing:FutureWarning")


def files(folder: Path) -> list[str]:
    return sorted(str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file())


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
def test_the_config_names_labels_and_no_path(run: Run, folder: Path) -> None:
    text = (run("sft_kto") / "adapter" / "adapter_config.json").read_text()
    assert json.loads(text)["base_model_name_or_path"] == "models/chat[base]@v1"
    assert json.loads(text)["target_modules"] == ["down_proj", "q_proj", "v_proj"]
    assert str(folder) not in text


@pytest.mark.slow
def test_rows_without_a_dev_split_have_no_dev_loss(folder: Path, base: Path, tmp_path: Path) -> None:
    rows = pl.read_parquet(folder / "kto.parquet").filter(pl.col("split") == "train")
    rows.write_parquet(tmp_path / "rows.parquet")
    summary = job.run(data.spec("kto", base, tmp_path / "rows.parquet", tmp_path / "out"), lambda _: None)
    assert summary["dev_rows"] == 0
    assert [summary[name] for name in ("dev_loss", "final_train_loss", "train_dev_gap")] == [None] * 3
