"""The job that does a step's work in the step's place, where that needs a loaded model.

Its spec says what the step pinned and where the work's results go: a folder of the step, which audits and publishes
them. The work is the function that the step's recipe names, so who runs it moves no version.
"""

import json
import sys
from collections.abc import Mapping
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from pydantic import BaseModel, ConfigDict, ValidationError

from sg_assets.errors import ContentMissingError, SgAssetsError
from sg_assets.jobs.step_work import AnyStepWork
from sg_assets.machine import this_machine
from sg_assets.processes.job_process import machines_file, run_payload
from sg_assets.store.manifests import Manifest
from sg_assets.store.refs import Ref
from sg_assets.store.workspace import ConfinedWorkspace, Workspace
from sg_assets.training.checkpoints import write_machines
from sg_assets.training.progress import reporter

if TYPE_CHECKING:
    from sg_assets.store.store import Store

_DETAILS: Final = ".details"


class GivenContent(BaseModel):
    """A version that the step pinned, and where its content lies."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Manifest
    path: Path


class StepSpec(BaseModel):
    """A step's work."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    outputs: tuple[str, ...]
    """The partitions that it makes."""
    inputs: tuple[GivenContent, ...]
    folder: Path
    """The step's scratch folder, where results go."""
    parameters: dict[str, Any]
    """Of the step's recipe."""
    run_id: str
    work: AnyStepWork


class GivenContents:
    """The contents that a job was given, in the place of the store: it can find nothing else."""

    def __init__(self, contents: Mapping[tuple[str, str], Path]) -> None:
        """Take the paths by partition and version."""
        self._contents = contents

    def path(self, manifest: Manifest) -> Path:
        """Where a version's content lies, as `Store.path` says it.

        Raises:
            ContentMissingError: the job was not given it.
        """
        path = self._contents.get((str(manifest.ref), manifest.version))
        if path is None:
            raise ContentMissingError("the job was not given this content", where=f"{manifest.ref}@{manifest.version}")
        return path

    location = path


def main(arguments: list[str]) -> int:
    """Run the job; returns the exit status."""
    return run_payload(arguments, _run_spec)


def _run_spec(path: Path) -> None:
    spec = read_spec(path)
    with reporter() as say:
        workspace = _workspace(spec)
        try:
            spec.work.run(workspace, say, spec.run_id)
        finally:
            workspace.close()
    if spec.work.records_machine:
        workspace.ran_on([this_machine()])
    write_machines(machines_file(path), workspace.machines)
    details_file(path).write_text(json.dumps(workspace.details), encoding="utf-8")


def read_spec(path: Path) -> StepSpec:
    """Read a job's spec.

    Raises:
        SgAssetsError: no such file, or values that do not fit; every wrong value is named.
    """
    try:
        return StepSpec.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        raise SgAssetsError("no such spec of a step", where=str(path)) from None
    except ValidationError as error:
        problems = "; ".join(f"{'.'.join(map(str, entry['loc']))}: {entry['msg']}" for entry in error.errors())
        raise SgAssetsError(f"the spec of the step is not valid: {problems}", where=str(path)) from None


def details_file(spec: Path) -> Path:
    """The file in which a job on this spec leaves counts and costs for the manifest."""
    return spec.with_suffix(_DETAILS)


def read_details(spec: Path) -> dict[str, Any]:
    """The counts and costs that a job on this spec left."""
    return dict(json.loads(details_file(spec).read_text(encoding="utf-8")))


def step_spec_of(workspace: Workspace, work: AnyStepWork, run_id: str) -> StepSpec:
    """The spec of a job that does a step's work; the contents that it is given are compared with their records.

    Args:
        workspace: Of the step.
        work: What is to be done.
        run_id: The run that the step belongs to.

    Raises:
        SgAssetsError: a content is missing or damaged.
    """
    pinned = chain.from_iterable(workspace.inputs.values())
    return StepSpec(
        outputs=tuple(map(str, workspace.outputs)),
        inputs=tuple(GivenContent(version=version, path=workspace.store.path(version)) for version in pinned),
        folder=workspace.folder,
        parameters=dict(workspace.parameters),
        run_id=run_id,
        work=work,
    )


def _workspace(spec: StepSpec) -> ConfinedWorkspace:
    contents = GivenContents({(str(given.version.ref), given.version.version): given.path for given in spec.inputs})
    inputs: dict[str, list[Manifest]] = {}
    for given in spec.inputs:
        inputs.setdefault(given.version.asset, []).append(given.version)
    outputs = tuple(map(Ref.parse, spec.outputs))
    return ConfinedWorkspace(outputs, inputs, cast("Store", contents), spec.folder, spec.parameters)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
