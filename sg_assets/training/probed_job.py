"""The training job with its adapter's probe, as its own process: ``python -m sg_assets.training.probed_job SPEC.json``.

Trains (:mod:`sg_assets.training.job`), then measures what was trained from the saved files, and leaves ``probe.json``
in the spec's ``output_dir`` (:mod:`sg_assets.adapters.probe`). A module of its own: a recipe names the training, and
the probe decides no byte of the adapter.
"""

import sys
from pathlib import Path

from sg_assets.processes.job_process import run_payload
from sg_assets.training.job import main as train
from sg_assets.training.spec import read_spec


def main(arguments: list[str]) -> int:
    """Train, and measure the probe; returns the exit status."""
    return train(arguments) or run_payload(arguments, _probe)


def _probe(path: Path) -> None:
    from sg_assets.adapters.probe import PROBE_FILE, make_probe
    from sg_assets.training.trainers import uses_cuda

    spec = read_spec(path)
    probe = make_probe(
        spec.base_model,
        spec.output_dir / "adapter",
        chat=spec.chat,
        device="cuda" if uses_cuda(spec.settings) else "cpu",
        trust_remote_code=spec.trust_remote_code,
    )
    (spec.output_dir / PROBE_FILE).write_text(probe.model_dump_json(), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
