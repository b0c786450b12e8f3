"""Work in its own process, followed through Dagster Pipes."""

import sys
import warnings
from pathlib import Path

import dagster as dg
from pydantic import BaseModel

from sg_assets.store.step import Workspace

GPU_POOL = "gpu"

# Said by Dagster of its own internals at every launch; nothing here uses what it is about.
warnings.filterwarnings("ignore", message=r".*PipesMessageReader\.expected_writer_count", category=dg.PreviewWarning)


def run_job(context: dg.AssetExecutionContext, workspace: Workspace, module: str, spec: BaseModel) -> None:
    """Run ``python -m module SPEC.json`` and wait; its log lines come through Pipes.

    Raises:
        DagsterPipesExecutionError: the process failed; the reason is in the run's log.
    """
    path: Path = workspace.folder / "spec.json"
    path.write_text(spec.model_dump_json(indent=1), encoding="utf-8")
    dg.PipesSubprocessClient().run(command=[sys.executable, "-m", module, str(path)], context=context)
