"""Where an asset is declared and made: the files behind it, as links in the Dagster UI."""

import inspect
import warnings
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import dagster as dg
from dagster._core.definitions.metadata.source_code import CodeReferencesMetadataValue

from sg_assets.declarations.graph import items_of
from sg_assets.orchestration.asset_def import AssetDef
from sg_assets.orchestration.project import Project

# Links to source files are in beta since 1.8.
warnings.filterwarnings("ignore", message=r".*(LocalFileCodeReference|CodeReferences)", category=dg.BetaWarning)

_DECLARED = {
    "templated/templates": "models/templates.yaml",
    "synthesized/few_shots": "models/few_shots.yaml",
    "synthesized/lexicon": "models/lexicon.yaml",
}


def code_references(project: Project, name: str, asset_def: AssetDef) -> CodeReferencesMetadataValue:
    """The declarations and the function behind an asset, which editors open."""
    root = project.settings.project
    files = [root / one for one in dict.fromkeys(_declarations(project, name))]
    declared = [
        dg.LocalFileCodeReference(file_path=str(path), line_number=1, label=path.relative_to(root).as_posix())
        for path in files
        if path.exists()
    ]
    return CodeReferencesMetadataValue(code_references=[*declared, _function(asset_def.run)])


def _declarations(project: Project, name: str) -> Iterator[str]:
    declared, (schema, table) = project.declared, name.split("/")
    if name in _DECLARED:
        yield _DECLARED[name]
    sql = next((one for asset, one in declared.sql.items() if name in (asset, items_of(asset))), None)
    if sql is not None:
        yield sql.file
    benchmark = declared.benchmarks.get(table.removesuffix("_items"))
    if schema in ("responses", "judgements", "scores") and benchmark is not None:
        yield f"models/benchmarks/{benchmark.name}.yaml"
        yield from (f"models/judges/{judge}.yaml" for judge in benchmark.judges.values() if schema == "judgements")
    if schema == "judges":
        yield f"models/judges/{table}.yaml"
    if schema == "adapters":
        yield from (f"models/variants/{one.name}.yaml" for one in declared.variants.values() if one.method == table)
    yield f"models/profiles/{declared.profile.name}.yaml"


def _function(run: Callable[..., object]) -> dg.LocalFileCodeReference:
    function = run.func if isinstance(run, partial) else run
    path = Path(inspect.getsourcefile(function) or "")
    line = inspect.unwrap(function).__code__.co_firstlineno
    return dg.LocalFileCodeReference(file_path=str(path), line_number=line, label=f"the work: {path.stem}")
