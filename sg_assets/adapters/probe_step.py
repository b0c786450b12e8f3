"""What a step does about its adapter's probe: the spec of the job that measures it, and the numbers it left."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

from sg_assets.adapters.probe import PROBE, PROBE_FILE
from sg_assets.adapters.probe_job import ProbeSpec
from sg_assets.chat.chat_settings import read_chat_settings

if TYPE_CHECKING:
    from sg_assets.declarations.records.model import Generation
    from sg_assets.store.workspace import Workspace


def probe_spec(workspace: "Workspace", settings: "Generation") -> ProbeSpec:
    """The spec of a job that measures the adapter that a step has staged.

    Args:
        workspace: Of the adapter.
        settings: Say on which device chat models run.

    Raises:
        SgAssetsError: the files of a hub model cannot be fetched.
    """
    from sg_assets.hub.fetch import model_folder

    chat = workspace.input_path("models/chat")
    base = model_folder(chat)
    return ProbeSpec(
        base_model=base.path,
        trust_remote_code=base.trust_remote_code,
        chat=read_chat_settings(chat),
        adapter=workspace.result_folder,
        device=settings.device,
        output_dir=workspace.folder,
    )


def collect_probe(workspace: "Workspace", output_dir: Path) -> None:
    """Record the adapter's probe, as its job measured it. It is no part of the adapter.

    Args:
        workspace: Of the adapter.
        output_dir: Where the job left its results.
    """
    workspace.details[PROBE] = json.loads((output_dir / PROBE_FILE).read_text(encoding="utf-8"))
