"""Rebuilding a version in a scratch store, with the code, parameters and inputs that its manifest records.

``python -m sg_assets.reproduction.rebuild REQUEST.json`` runs one step. It is started with a package written from
the stored source texts, reads the store, and writes to a folder of its own alone: no head, no cache and no stored score
of the profile is touched.
"""

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import dagster as dg
from pydantic import BaseModel, ConfigDict
from ulid import ULID

from sg_assets.errors import NotDeclaredError, SgAssetsError
from sg_assets.processes.job_process import reason_file, run_payload
from sg_assets.processes.parent import PARENT_VARIABLE
from sg_assets.store.manifests import Manifest
from sg_assets.store.scratch import ScratchStore
from sg_assets.store.scratch_step import make_in_scratch
from sg_assets.store.workspace import Workspace

if TYPE_CHECKING:
    from sg_assets.orchestration.asset_def import AssetDef
    from sg_assets.orchestration.project import Project
    from sg_assets.reproduction.stored_code import StoredCode
    from sg_assets.settings import Settings
    from sg_assets.store.recipes import Recipe

_QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
_MODEL_CACHES = ("answers", "judged", "embedded")


class RebuildRequest(BaseModel):
    """A step to run again. Its fields stay: the packages of older versions read them, too."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    recorded: Manifest
    """The version to rebuild: its parameters count, its content does not."""
    inputs: tuple[Manifest, ...]
    """The inputs, from the scratch store or the store beneath."""
    queries: dict[str, str]
    """Its SQL by file."""
    home: Path
    """The scratch folder."""


class RebuildResult(BaseModel):
    """The versions that a rebuild made. Its fields stay: the packages of older versions write them, too."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    versions: tuple[Manifest, ...]
    """In the scratch store: the rebuilt version first, then the step's extra outputs."""
    same_code: bool
    """Whether the code that ran has the recorded fingerprint."""
    note: str = ""
    """A remark on the code that ran; empty where it is the recorded one."""


def rebuild(
    settings: "Settings",
    recorded: Manifest,
    inputs: Sequence[Manifest],
    code: "StoredCode",
    home: Path,
    *,
    trust: bool = False,
    by_installed: bool = False,
) -> RebuildResult:
    """Run a version's step again: by the installed code where its definitions are as recorded, else by stored code.

    Stored code is the whole package, written to a folder and run in a process of its own.

    Args:
        settings: Of the profile.
        recorded: The version, or a manifest of it with other parameters.
        inputs: Its inputs.
        code: Its stored code.
        home: The scratch folder; caches in it are used, and the results stay there.
        trust: Whether stored code may run that is not of a commit of this checkout.
        by_installed: Run the installed code whatever was recorded: to see its result.

    Raises:
        SgAssetsError: the step fails, its recorded parameters cannot be restored, or its stored code would have to run
            and is not trusted.
    """
    from sg_assets.reproduction.stored_code import write_package

    request = RebuildRequest(recorded=recorded, inputs=tuple(inputs), queries=dict(code.queries), home=home)
    if by_installed or code.is_installed or _has_installed_definitions(recorded):
        return _rebuild_installed(request)
    texts = code.texts()
    if texts is None or code.listing is None:
        return _rebuild_installed(request).model_copy(update={"note": _not_stored(code)})
    trusted = _require_trusted(recorded, texts, settings.project, trust=trust)
    folder = home / "requests" / str(ULID())
    folder.mkdir(parents=True)
    try:
        write_package(texts, folder / "package")
        return _run_stored_code(settings, request, folder, code.listing.runner, without_credentials=not trusted)
    except SgAssetsError as error:
        note = f"The stored code does not run with the installed libraries, so the installed code ran: {error.why}"
        return _rebuild_installed(request).model_copy(update={"note": note})
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _has_installed_definitions(recorded: Manifest) -> bool:
    """Whether the installed step has the recorded definitions, in whatever modules they are now."""
    installed = installed_recipe(recorded)
    return installed is not None and installed.code.fingerprint == recorded.code.fingerprint


def installed_recipe(recorded: Manifest) -> "Recipe | None":
    """The recipe of a version's partition now; None where it is not declared any more.

    Raises:
        SgAssetsError: the declarations cannot be read.
    """
    from sg_assets.orchestration.asset_defs import asset_defs_of
    from sg_assets.orchestration.project import load_project

    project = load_project()
    if recorded.ref not in project.graph.refs:
        return None
    asset_def = asset_defs_of(project).get(recorded.asset)
    return None if asset_def is None else asset_def.recipe(recorded.partition)


def _not_stored(code: "StoredCode") -> str:
    if not code.recorded:
        return "The version was recorded before whole packages were stored, so the installed code ran."
    return "The package it was made by is not stored, so the installed code ran."


def _require_trusted(recorded: Manifest, texts: Mapping[str, str], checkout: Path, *, trust: bool) -> bool:
    """Whether stored code is that of a commit of this checkout.

    Raises:
        SgAssetsError: it is not, and `trust` is not given.
    """
    import sg_assets
    from sg_assets.reproduction.trust import is_of_this_checkout

    here = Path(sg_assets.__file__).parent
    if any(is_of_this_checkout(texts, recorded.git, folder) for folder in dict.fromkeys((here, checkout))):
        return True
    if not trust:
        raise SgAssetsError(
            "the stored code is not run: it is neither the installed code nor of a commit of this checkout",
            where=f"{recorded.ref} {recorded.version}",
            why="whoever can write to a store could put code there",
            remedy="Check out the commit it was made at, or look at the code (`sg-assets show --code`) and pass "
            "--trust-stored-code",
        )
    return False


def _run_stored_code(
    settings: "Settings", request: RebuildRequest, folder: Path, runner: str, *, without_credentials: bool
) -> RebuildResult:
    from sg_assets.reproduction.trust import without_secrets

    spec = folder / "request.json"
    # Fields at their defaults are left out: the stored package may be older than a field.
    spec.write_text(request.model_dump_json(exclude_defaults=True), encoding="utf-8")
    packages = filter(None, (str(folder / "package"), os.environ.get("PYTHONPATH")))
    environment = {
        **(without_secrets(os.environ) if without_credentials else os.environ),
        "SG_PROJECT": str(settings.project),
        "SG_PROFILE": settings.profile,
        "SG_HOME": str(settings.home.parent),
        "PYTHONPATH": os.pathsep.join(packages),
        "PYTHONSAFEPATH": "1",  # else the working directory's package would come first
        PARENT_VARIABLE: str(os.getpid()),
    }
    command = [sys.executable, "-m", runner, str(spec)]
    process = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if process.returncode:
        raise _failure(request.recorded, spec, process.stderr)
    return RebuildResult.model_validate_json((folder / "answer.json").read_bytes())


def link_model_caches(settings: "Settings", home: Path) -> None:
    """Give a scratch folder the stored outputs of models; new outputs stay there.

    By hard links: only the process that made a cache file writes to it.
    """
    for name in _MODEL_CACHES:
        source = settings.home / name
        for path in sorted(source.rglob("*")):
            target = home / name / path.relative_to(source)
            if path.is_file() and "leases" not in path.parts and not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                with contextlib.suppress(FileNotFoundError):  # the draft of a file, renamed meanwhile
                    os.link(path, target)


def main(arguments: list[str]) -> int:
    """Run one request; returns the exit status."""
    return run_payload(arguments, _write_result)


def _failure(recorded: Manifest, spec: Path, stderr: str) -> SgAssetsError:
    reason = reason_file(spec)
    last = [line for line in stderr.splitlines() if line.strip()][-1:]
    why = reason.read_text(encoding="utf-8") if reason.exists() else "".join(last)
    return SgAssetsError(f"{recorded.version} cannot be rebuilt", where=str(recorded.ref), why=why)


def _write_result(spec: Path) -> None:
    result = _rebuild_installed(RebuildRequest.model_validate_json(spec.read_bytes()))
    (spec.parent / "answer.json").write_text(result.model_dump_json(), encoding="utf-8")


def _rebuild_installed(request: RebuildRequest) -> RebuildResult:
    from sg_assets.orchestration.project import load_project

    return _rebuilt(_in_scratch(load_project(), request.home), request)


def _in_scratch(project: "Project", home: Path) -> "Project":
    """The project with a home and a store of its own, over the store as it is."""
    scratch = replace(project, settings=replace(project.settings, home=home))
    # Else the cached property would open the scratch folder as a store of its own.
    vars(scratch)["store"] = ScratchStore(home / "store", project.store)
    return scratch


def _rebuilt(project: "Project", request: RebuildRequest) -> RebuildResult:
    from sg_assets.orchestration.asset_defs import asset_defs_of
    from sg_assets.reproduction.recorded_declarations import as_recorded, require_recorded

    recorded = request.recorded
    node = project.graph.nodes.get(recorded.asset)
    if node is None or recorded.ref not in project.graph.refs:
        raise NotDeclaredError(
            f"{recorded.ref} is not declared any more", remedy="Declare it again, or check out its commit"
        )
    declared = as_recorded(project.declared, recorded, request.queries)
    recorded_project = replace(project, declared=declared)
    vars(recorded_project)["store"] = project.store
    asset_def = asset_defs_of(recorded_project)[recorded.asset]
    recipe = asset_def.recipe(recorded.partition)
    require_recorded(recipe, recorded, declared)
    versions = _run(recorded_project, asset_def, request)
    return RebuildResult(versions=tuple(versions), same_code=recipe.code.fingerprint == recorded.code.fingerprint)


def _run(project: "Project", asset_def: "AssetDef", request: RebuildRequest) -> list[Manifest]:
    from sg_assets.orchestration.asset_builder import run_work

    recorded, store = request.recorded, project.store
    if not isinstance(store, ScratchStore):
        raise AssertionError("versions are rebuilt in a scratch store")
    keys = {recorded.asset: recorded.key, **{name: extra.key for name, extra in asset_def.extra_outputs.items()}}

    def work(workspace: Workspace) -> None:
        _in_dagster(lambda context: run_work(asset_def, workspace, context), recorded)

    return make_in_scratch(store, recorded, request.inputs, keys, work)


def _in_dagster(work: Callable[[dg.AssetExecutionContext], None], recorded: Manifest) -> None:
    """Run the work as the body of an asset, in a run that is recorded nowhere."""
    partitions = None if recorded.partition is None else dg.StaticPartitionsDefinition([recorded.partition])

    @dg.asset(name="rebuilt", partitions_def=partitions)
    def rebuilt(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
        work(context)
        return dg.MaterializeResult()

    with dg.DagsterInstance.ephemeral() as instance:
        run = dg.materialize(
            [rebuilt], instance=instance, partition_key=recorded.partition, run_config=_QUIET, raise_on_error=False
        )
    for event in run.all_events:
        if event.is_step_failure and event.step_failure_data.error is not None:
            error = event.step_failure_data.error
            raise SgAssetsError((error.cause or error).message.strip())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
