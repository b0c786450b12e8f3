import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sg_assets.training.spec import TrainingSpec
from sg_assets_tests.training import data


def start(spec: TrainingSpec, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the job as its own process, as Dagster does."""
    file = spec.output_dir.with_suffix(".json")
    file.write_text(spec.model_dump_json())
    return subprocess.run(
        [sys.executable, "-m", "sg_assets.training.job", str(file)],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | environment,
    )


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
