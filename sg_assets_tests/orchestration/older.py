"""Versions of the shipped graph, built by code that has been edited since."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import polars as pl

from sg_assets.orchestration.asset_defs import asset_defs_of
from sg_assets.orchestration.project import Project
from sg_assets.orchestration.step_spec import step_spec
from sg_assets.store.manifests import Manifest
from sg_assets.store.step import Workspace, run_step
from sg_assets_tests.code.records import code_of_texts

TEMPLATES: Final = "templated/templates"
LEXICON: Final = "synthesized/lexicon"
_TEXT: Final = "def old():\n    return 1\n"


def made_by_older_code(
    project: Project, name: str, work: Callable[[Workspace], None] | None = None, **values: object
) -> Manifest:
    """An asset's version, built by its work or by other work, as if one of its modules had been removed since."""
    asset_def = asset_defs_of(project)[name]
    step = step_spec(project, name, asset_def, None)
    code = code_of_texts({"sg_assets.old": _TEXT})
    parameters = {**step.recipe.parameters, **values}
    recipe = replace(step.recipe, code=code.record, code_texts=code.texts, parameters=parameters)
    run = work or (lambda workspace: asset_def.work(workspace, None))  # type: ignore[arg-type]
    return run_step(project.store, step.ref, step.inputs, recipe, run, run_id="older", log=lambda _: None).manifest


def changed_column(column: str) -> Callable[[Workspace], None]:
    """Work that writes the declared rows with other texts in a column."""

    def work(workspace: Workspace) -> None:
        workspace.write_table(pl.DataFrame(workspace.parameters["rows"]).with_columns(pl.col(column) + " indeed"))

    return work
