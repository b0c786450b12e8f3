"""Payloads to run in tests."""

from pathlib import Path
from typing import Any

from sg_assets.jobs.payload import Payload, write_payload


def payload(**values: Any) -> Payload:
    """A payload of a training, with other values where given."""
    given = {
        "work": "sg_assets.training.job", "step": "adapters/sft[a]", "spec": {}, "reads": (), "device": "auto",
        **values,
    }  # fmt: skip
    return Payload.model_validate(given)


def written(folder: Path, **values: Any) -> Path:
    """Its file, in a folder that is made for it."""
    folder.mkdir(parents=True)
    return write_payload(folder, payload(**values))
