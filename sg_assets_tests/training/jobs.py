"""Training jobs of every kind for tests, and their results."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from sg_assets.training import job
from sg_assets.training.spec import TrainingSpec
from sg_assets_tests.training import data

Run = Callable[[str], Path]
"""Runs a named job once and gives its folder."""


def summary(folder: Path) -> dict[str, Any]:
    return dict(json.loads((folder / "summary.json").read_text()))


every_job = pytest.mark.parametrize("name", ["sft", "kto", "dpo", "sft_dpo", "sft_kto"])


def main_on(spec: TrainingSpec) -> int:
    file = spec.output_dir / "spec.json"
    file.write_text(spec.model_dump_json())
    with mock.patch.dict(os.environ):
        return job.main([str(file)])


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


def specs(folder: Path, base: Path, sft: Path) -> dict[str, TrainingSpec]:
    kto, dpo = folder / "kto.parquet", folder / "dpo.parquet"
    return {
        "kto": data.spec("kto", base, kto, folder / "kto"),
        "dpo": data.spec("dpo", base, dpo, folder / "dpo"),
        "sft_dpo": data.spec("dpo", base, dpo, folder / "sft_dpo", parent=sft / "adapter"),
        "sft_kto": data.spec("kto", base, kto, folder / "sft_kto", parent=sft / "adapter"),
    }
