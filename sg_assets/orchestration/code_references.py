"""Where an asset is declared and made: the files behind it, as links in the Dagster UI."""

import inspect
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path

import dagster as dg

from sg_assets.declarations.kinds.registry import kind_of
from sg_assets.orchestration.asset_def import AssetDef
from sg_assets.orchestration.project import Project

# Links to source files are in beta since 1.8.
warnings.filterwarnings("ignore", message=r".*(LocalFileCodeReference|CodeReferences)", category=dg.BetaWarning)


def code_references(project: Project, name: str, asset_def: AssetDef) -> dg.CodeReferencesMetadataValue:
    """The declarations and the function behind an asset, which editors open."""
    root, declared = project.settings.project, project.declared
    files = [*kind_of(name).declared_in(declared, name), f"models/profiles/{declared.profile.name}.yaml"]
    references = [
        dg.LocalFileCodeReference(file_path=str(root / file), line_number=1, label=file)
        for file in dict.fromkeys(files)
        if (root / file).exists()
    ]
    return dg.CodeReferencesMetadataValue(code_references=[*references, _function(asset_def.work)])


def _function(run: Callable[..., object]) -> dg.LocalFileCodeReference:
    function = run.func if isinstance(run, partial) else run
    path = Path(inspect.getsourcefile(function) or "")
    line = inspect.unwrap(function).__code__.co_firstlineno
    return dg.LocalFileCodeReference(file_path=str(path), line_number=line, label=f"the work: {path.stem}")
