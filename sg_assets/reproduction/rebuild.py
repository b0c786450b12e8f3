"""Making a version again in a scratch place: a process of its own, with the code, parameters and inputs recorded.

``python -m sg_assets.reproduction.rebuild REQUEST.json`` runs one step. It is started with a package laid out of the
stored source texts, reads the store, and writes to a folder of its own alone: no head, no cache and no remembered score
of the profile is touched.
"""

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
    from sg_assets.reproduction.stored_code import Kept
    from sg_assets.settings import Settings
    from sg_assets.store.recipes import Recipe

_QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
_CACHES = ("answers", "judged", "embedded")


class Request(BaseModel):
    """One step to run again."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    recorded: Manifest
    """What to make: its parameters count, its content does not."""
    inputs: tuple[Manifest, ...]
    """What it reads, from the scratch store or the store beneath."""
    queries: dict[str, str]
    """Its SQL by file."""
    home: Path
    """The scratch place."""


class Answer(BaseModel):
    """What came of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    versions: tuple[Manifest, ...]
    """What was made, in the scratch store: the version's own first."""
    same_code: bool
    """Whether the code that ran has the recorded fingerprint."""
    note: str = ""
    """What a reader must know of the code that ran."""


def rebuild(
    settings: "Settings",
    recorded: Manifest,
    inputs: Sequence[Manifest],
    kept: "Kept",
    home: Path,
    *,
    trust: bool = False,
    by_installed: bool = False,
) -> Answer:
    """Run a version's step again: by the installed code where its definitions are the recorded ones, else by its own.

    Its own code is the whole package it stood in, laid out in a folder and run in a process of its own.

    Args:
        settings: Of the profile.
        recorded: The version, or one as it would be with other parameters.
        inputs: What it reads.
        kept: Its code.
        home: The scratch place; what is there already of caches is used, and what is made stays there.
        trust: Whether a person says that stored code may run that is no commit of this checkout.
        by_installed: Run the installed code whatever was recorded: to see what it makes.

    Raises:
        SgAssetsError: the step fails, what it was made with cannot be put back, or its code would have to run and is
            not trusted.
    """
    from sg_assets.reproduction.stored_code import lay_out

    request = Request(recorded=recorded, inputs=tuple(inputs), queries=dict(kept.queries), home=home)
    if by_installed or kept.is_installed or _is_defined_alike(recorded):
        return _answer(request)
    texts = kept.texts()
    if texts is None or kept.listing is None:
        return _answer(request).model_copy(update={"note": _not_kept(kept)})
    trusted = _require_trusted(recorded, texts, settings.project, trust=trust)
    folder = home / "requests" / str(ULID())
    folder.mkdir(parents=True)
    try:
        lay_out(texts, folder / "package")
        return _elsewhere(settings, request, folder, kept.listing.runner, stripped=not trusted)
    except SgAssetsError as error:
        note = f"The stored code does not run within what is installed, so the installed code ran: {error.why}"
        return _answer(request).model_copy(update={"note": note})
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _is_defined_alike(recorded: Manifest) -> bool:
    """Whether the installed step counts the same code as was recorded, wherever its definitions stand now."""
    installed = installed_recipe(recorded)
    return installed is not None and installed.code.fingerprint == recorded.code.fingerprint


def installed_recipe(recorded: Manifest) -> "Recipe | None":
    """By what the installed step would make a version's partition; None where it is not declared any more.

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


def _not_kept(kept: "Kept") -> str:
    if not kept.recorded:
        return "The version was recorded before whole packages were kept, so the installed code ran."
    return "The package it was made by is not kept, so the installed code ran."


def _require_trusted(recorded: Manifest, texts: Mapping[str, str], checkout: Path, *, trust: bool) -> bool:
    """Whether stored code is that of a commit of this checkout.

    Raises:
        SgAssetsError: it is not, and nobody said that it may run.
    """
    import sg_assets
    from sg_assets.reproduction.trust import is_of_this_checkout

    here = Path(sg_assets.__file__).parent
    if any(is_of_this_checkout(texts, recorded.git, folder) for folder in dict.fromkeys((here, checkout))):
        return True
    if not trust:
        raise SgAssetsError(
            "the stored code is not run: it is neither what is installed nor a commit of this checkout",
            where=f"{recorded.ref} {recorded.version}",
            why="whoever can write to a store could put code there",
            remedy="Check out the commit it was made at, or look at the code (`sg-assets show --code`) and say"
            " --trust-stored-code",
        )
    return False


def _elsewhere(settings: "Settings", request: Request, folder: Path, runner: str, *, stripped: bool) -> Answer:
    from sg_assets.reproduction.trust import without_secrets

    spec = folder / "request.json"
    # Fields that came later are left out where they say nothing: the stored package may not know them.
    spec.write_text(request.model_dump_json(exclude_defaults=True), encoding="utf-8")
    packages = filter(None, (str(folder / "package"), os.environ.get("PYTHONPATH")))
    environment = {
        **(without_secrets(os.environ) if stripped else os.environ),
        "SG_PROJECT": str(settings.project),
        "SG_PROFILE": settings.profile,
        "SG_HOME": str(settings.home.parent),
        "PYTHONPATH": os.pathsep.join(packages),
        "PYTHONSAFEPATH": "1",  # else the working directory's package would come first
        PARENT_VARIABLE: str(os.getpid()),
    }
    command = [sys.executable, "-m", runner, str(spec)]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if ended.returncode:
        raise _failure(request.recorded, spec, ended.stderr)
    return Answer.model_validate_json((folder / "answer.json").read_bytes())


def link_caches(settings: "Settings", home: Path) -> None:
    """Give a scratch place what models said before; what they say there stays there.

    By hard links: no file of a cache is written to but by the process that made it.
    """
    for name in _CACHES:
        source = settings.home / name
        for path in sorted(source.rglob("*")):
            target = home / name / path.relative_to(source)
            if path.is_file() and "leases" not in path.parts and not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                os.link(path, target)


def main(arguments: list[str]) -> int:
    """Run one request; returns the exit status."""
    return run_payload(arguments, _answer_file)


def _failure(recorded: Manifest, spec: Path, told: str) -> SgAssetsError:
    reason = reason_file(spec)
    last = [line for line in told.splitlines() if line.strip()][-1:]
    why = reason.read_text(encoding="utf-8") if reason.exists() else "".join(last)
    return SgAssetsError(f"{recorded.version} cannot be made again", where=str(recorded.ref), why=why)


def _answer_file(spec: Path) -> None:
    answer = _answer(Request.model_validate_json(spec.read_bytes()))
    (spec.parent / "answer.json").write_text(answer.model_dump_json(), encoding="utf-8")


def _answer(request: Request) -> Answer:
    from sg_assets.orchestration.project import load_project

    return _made(_in_scratch(load_project(), request.home), request)


def _in_scratch(project: "Project", home: Path) -> "Project":
    """The project with a home and a store of its own, over the store as it is."""
    scratch = replace(project, settings=replace(project.settings, home=home))
    vars(scratch)["store"] = ScratchStore(home / "store", project.store)  # in place of what it would open
    return scratch


def _made(project: "Project", request: Request) -> Answer:
    from sg_assets.orchestration.asset_defs import asset_defs_of
    from sg_assets.reproduction.recorded_declarations import as_recorded, require_recorded

    recorded = request.recorded
    node = project.graph.nodes.get(recorded.asset)
    if node is None or recorded.ref not in project.graph.refs:
        raise NotDeclaredError(f"{recorded.ref} is not declared any more", remedy="Declare it again, or use its commit")
    declared = as_recorded(project.declared, recorded, request.queries)
    as_it_was = replace(project, declared=declared)
    vars(as_it_was)["store"] = project.store
    asset_def = asset_defs_of(as_it_was)[recorded.asset]
    recipe = asset_def.recipe(recorded.partition)
    require_recorded(recipe, recorded, declared)
    versions = _run(as_it_was, asset_def, request)
    return Answer(versions=tuple(versions), same_code=recipe.code.fingerprint == recorded.code.fingerprint)


def _run(project: "Project", asset_def: "AssetDef", request: Request) -> list[Manifest]:
    from sg_assets.orchestration.asset_def import worked

    recorded, store = request.recorded, project.store
    if not isinstance(store, ScratchStore):
        raise AssertionError("versions are made again in a scratch place")
    keys = {recorded.asset: recorded.key, **{name: one.key for name, one in asset_def.beside.items()}}

    def work(workspace: Workspace) -> None:
        _in_dagster(lambda context: worked(asset_def, workspace, context), recorded)

    return make_in_scratch(store, recorded, request.inputs, keys, work)


def _in_dagster(work: Callable[[dg.AssetExecutionContext], None], recorded: Manifest) -> None:
    """Run the work as the body of an asset, in a run that nothing remembers."""
    partitions = None if recorded.partition is None else dg.StaticPartitionsDefinition([recorded.partition])

    @dg.asset(name="rebuilt", partitions_def=partitions)
    def rebuilt(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
        work(context)
        return dg.MaterializeResult()

    with dg.DagsterInstance.ephemeral() as instance:
        ended = dg.materialize(
            [rebuilt], instance=instance, partition_key=recorded.partition, run_config=_QUIET, raise_on_error=False
        )
    for event in ended.all_events:
        if event.is_step_failure and event.step_failure_data.error is not None:
            error = event.step_failure_data.error
            raise SgAssetsError((error.cause or error).message.strip())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
