"""Work in its own process, followed through Dagster Pipes."""

import sys
import warnings
from pathlib import Path

import dagster as dg
from dagster._core.errors import DagsterPipesExecutionError
from pydantic import BaseModel

from sg_assets.errors import SgAssetsError
from sg_assets.payload import reason_file
from sg_assets.store.step import Workspace

GPU_POOL = "gpu"

# Said by Dagster of its own internals at every launch; nothing here uses what it is about.
warnings.filterwarnings("ignore", message=r".*PipesMessageReader\.expected_writer_count", category=dg.PreviewWarning)


def run_job(context: dg.AssetExecutionContext, workspace: Workspace, module: str, spec: BaseModel) -> None:
    """Run ``python -m module SPEC.json`` and wait; its log lines come through Pipes.

    Raises:
        SgAssetsError: the job refused its input.
        DagsterPipesExecutionError: the process failed otherwise; its traceback is in the step's stderr.
    """
    path: Path = workspace.folder / "spec.json"
    path.write_text(spec.model_dump_json(indent=1), encoding="utf-8")
    try:
        dg.PipesSubprocessClient().run(command=[sys.executable, "-m", module, str(path)], context=context)
    except DagsterPipesExecutionError as error:
        if not reason_file(path).exists():
            raise
        raise SgAssetsError(reason_file(path).read_text(encoding="utf-8"), where=str(workspace.ref)) from error
