"""How the steps of a profile score texts: by linear judges in the step itself, or by judges of any kind."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import dagster as dg

from sg_assets.code.closure import Entry
from sg_assets.declarations.judge_kinds import DEMO_JUDGED, all_torch_options, demo_judged, torch_options
from sg_assets.declarations.recipe_parameters import recipe_parameters
from sg_assets.judging.kind_scores import KindScores, StartJob
from sg_assets.judging.scoring_job import main as scoring_job
from sg_assets.judging.scoring_spec import LIBRARIES
from sg_assets.orchestration.pipes import GPU_POOL, run_shared_job
from sg_assets.orchestration.project import Project
from sg_assets.store.step import Workspace

SCORING_ENTRIES: Final[tuple[Entry, ...]] = (KindScores, scoring_job)
"""Where the code begins that scores by judges of any kind."""
SCORING_LIBRARIES: Final = ("scikit-learn", "scipy", "numpy", *LIBRARIES)


def job_starter(project: Project, context: dg.AssetExecutionContext, workspace: Workspace) -> StartJob:
    """Runs scoring jobs of a step; those of one judge may share a process."""
    return lambda spec: run_shared_job(
        project, context, workspace, scoring_job, spec,
        models=[str(spec.folder)], device=spec.device, threads=spec.threads,
    )  # fmt: skip


def are_linear(project: Project, judges: Iterable[str]) -> bool:
    """Whether all of these judges are fitted here and have no filter: their steps are those of earlier versions."""
    profile = project.declared.profile
    return all(profile.is_demo_judge(judge) for judge in judges) and not filters_of(project, judges)


def filters_of(project: Project, judges: Iterable[str]) -> dict[str, Any]:
    """The filters of these judges, as recipes hold them; a changed one scores nothing again."""
    models = project.declared.profile.judges
    declared = {judge: models[judge].filter for judge in judges if judge in models}
    return {judge: recipe_parameters(known) for judge, known in declared.items() if known is not None}


def scoring_parameters(project: Project, judges: Iterable[str]) -> Mapping[str, Any]:
    """What a recipe has of these judges besides their content."""
    filters = filters_of(project, judges)
    return {"filters": filters} if filters else {}


def demo_marks(project: Project, judges: Iterable[str]) -> Mapping[str, str]:
    """What the details of a step have where its demo judges score answers of models that were not made here."""
    marked = demo_judged(project.declared.profile, judges)
    return {} if marked is None else {DEMO_JUDGED: marked}


def scoring_pool(project: Project, judges: Iterable[str]) -> str | None:
    """The pool of a step that scores by these judges: that of GPU work where one has a model of torch."""
    profile = project.declared.profile
    return GPU_POOL if any(torch_options(profile, judge) is not None for judge in judges) else None


def kind_scores(
    project: Project, context: dg.AssetExecutionContext, workspace: Workspace, memories: Path
) -> KindScores:
    """The scores of a step's judges.

    Args:
        project: Declares the judges.
        context: Of the step.
        workspace: Of the step.
        memories: Folder of kept scores.
    """
    profile, start = project.declared.profile, job_starter(project, context, workspace)
    return KindScores(workspace, profile.judges, all_torch_options(profile), memories, start)
