"""The probing job of an adapter that was trained elsewhere: ``python -m sg_assets.adapters.probe_job SPEC.json``.

Measures the adapter on its chat model and leaves ``probe.json`` in the spec's ``output_dir``. Nothing is downloaded.
"""

import sys
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from sg_assets.chat.chat_settings import ChatSettings
from sg_assets.errors import SgAssetsError
from sg_assets.processes.job_process import quiet_offline_environment, run_payload


class ProbeSpec(BaseModel):
    """One probing job."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    base_model: Path
    """Folder of the chat model."""
    trust_remote_code: bool
    """Whether Python code in that folder may run."""
    chat: ChatSettings = ChatSettings()
    """What is declared of chats with the model."""
    adapter: Path
    """Folder of the adapter."""
    device: Literal["auto", "cpu", "cuda"]
    output_dir: Path
    """Folder for ``probe.json``."""


def main(arguments: list[str]) -> int:
    """Run the job; returns the exit status."""
    return run_payload(arguments, _run_spec)


def read_spec(path: Path) -> ProbeSpec:
    """Read a job's spec.

    Raises:
        SgAssetsError: no such file, or values that do not fit.
    """
    try:
        return ProbeSpec.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        raise SgAssetsError("no such probing spec", where=str(path)) from None
    except ValidationError as error:
        problems = "; ".join(f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}" for problem in error.errors())
        raise SgAssetsError(f"the probing spec is not valid: {problems}", where=str(path)) from None


def _run_spec(path: Path) -> None:
    spec = read_spec(path)
    quiet_offline_environment()
    import torch

    from sg_assets.adapters.probe import PROBE_FILE, make_probe

    device = spec.device if spec.device != "auto" else "cuda" if torch.cuda.is_available() else "cpu"
    probe = make_probe(
        spec.base_model, spec.adapter, chat=spec.chat, device=device, trust_remote_code=spec.trust_remote_code
    )
    (spec.output_dir / PROBE_FILE).write_text(probe.model_dump_json(), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
