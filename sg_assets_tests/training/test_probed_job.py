"""The training job with its probe: the adapter is the one of the training alone, and the probe knows it again."""

import os
from pathlib import Path
from unittest import mock

import pytest

from sg_assets.adapters.applied_adapter import load_checked_model
from sg_assets.adapters.probe import PROBE_FILE, AdapterProbe
from sg_assets.training import probed_job
from sg_assets.training.spec import TrainingSpec
from sg_assets_tests.adapters.micro_adapters import applied
from sg_assets_tests.training.data import elsewhere
from sg_assets_tests.training.test_job import adapter_bytes

pytestmark = pytest.mark.slow


def run(spec: TrainingSpec, file: Path) -> int:
    file.write_text(spec.model_dump_json())
    with mock.patch.dict(os.environ):
        return probed_job.main([str(file)])


def test_the_adapter_is_that_of_the_training_alone_and_is_known_again(
    sft: Path, sft_spec: TrainingSpec, tmp_path: Path
) -> None:
    spec = elsewhere(sft_spec, tmp_path)
    assert run(spec, tmp_path / "spec.json") == 0
    assert adapter_bytes(spec.output_dir) == adapter_bytes(sft)
    assert sorted(path.name for path in (spec.output_dir / "adapter").iterdir()) == [
        "adapter_config.json", "adapter_model.safetensors",
    ]  # fmt: skip
    probe = AdapterProbe.model_validate_json((spec.output_dir / PROBE_FILE).read_bytes())
    adapted = applied(spec.output_dir / "adapter", probe=probe)
    effect = load_checked_model(spec.base_model, adapted, dtype="float32", device="cpu").adapter_effect
    assert effect is not None
    assert effect > 0.999


def test_a_training_that_fails_is_not_probed(sft_spec: TrainingSpec, tmp_path: Path) -> None:
    spec = elsewhere(sft_spec, tmp_path, examples=tmp_path / "nowhere.parquet")
    assert run(spec, tmp_path / "spec.json") == 2
    assert not (spec.output_dir / PROBE_FILE).exists()
    assert "nowhere.parquet" in (tmp_path / "spec.reason").read_text()
