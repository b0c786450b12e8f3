"""The probing job of an adapter that was trained elsewhere."""

import os
from pathlib import Path
from unittest import mock

import pytest

from sg_assets.adapters.probe import AdapterProbe, make_probe
from sg_assets.adapters.probe_job import ProbeSpec, main
from sg_assets_tests.adapters.micro_adapters import make_adapter


def run(spec: ProbeSpec, file: Path) -> int:
    file.write_text(spec.model_dump_json())
    with mock.patch.dict(os.environ):
        return main([str(file)])


@pytest.mark.slow
def test_the_job_leaves_the_probe(micro_model: Path, tmp_path: Path) -> None:
    adapter = make_adapter(micro_model, tmp_path / "adapter")
    spec = ProbeSpec(
        base_model=micro_model, trust_remote_code=False, adapter=adapter, device="cpu", output_dir=tmp_path
    )
    assert run(spec, tmp_path / "spec.json") == 0
    left = AdapterProbe.model_validate_json((tmp_path / "probe.json").read_bytes())
    assert left == make_probe(micro_model, adapter)


def test_a_spec_that_does_not_fit_ends_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "spec.json").write_text('{"base_model": "x"}')
    assert main([str(tmp_path / "spec.json")]) == 2
    message = capsys.readouterr().err
    assert message.count("\n") == 1
    assert "the probing spec is not valid: trust_remote_code" in message
