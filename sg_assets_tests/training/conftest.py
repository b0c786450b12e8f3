import json
import subprocess
from pathlib import Path
from typing import Any

import dagster_pipes
import pytest

from sg_assets.training import job
from sg_assets.training.spec import TrainingSpec
from sg_assets_tests.training import data
from sg_assets_tests.training.jobs import Run, specs, start


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Holds one Parquet file per method: 32 texts, 8 of them dev."""
    made = tmp_path_factory.mktemp("training")
    for method in ("sft", "kto", "dpo"):
        data.examples(method, 32, dev=8).write_parquet(made / f"{method}.parquet")
    return made


@pytest.fixture(scope="session")
def base(micro_model: Path) -> Path:
    """The model the jobs train."""
    return micro_model


@pytest.fixture(scope="session")
def sft_spec(folder: Path, base: Path) -> TrainingSpec:
    return data.spec("sft", base, folder / "sft.parquet", folder / "sft")


@pytest.fixture(scope="session")
def sft_process(sft_spec: TrainingSpec) -> subprocess.CompletedProcess[str]:
    """An SFT job run as a process, with a hash seed of its own."""
    return start(sft_spec, PYTHONHASHSEED="11")


@pytest.fixture(scope="session")
def sft(sft_spec: TrainingSpec, sft_process: subprocess.CompletedProcess[str]) -> Path:
    """Where the SFT job left its results."""
    assert sft_process.returncode == 0, sft_process.stderr
    assert json.loads((sft_spec.output_dir / "summary.json").read_text())["steps"] == 6
    return sft_spec.output_dir


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
