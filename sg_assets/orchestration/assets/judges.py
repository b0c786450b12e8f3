"""``judges/*``: fitted here on generated texts, taken from elsewhere, or with a head fitted on labelled texts."""

from collections.abc import Mapping
from typing import Any

import dagster as dg

from sg_assets.code.closure import Entry
from sg_assets.declarations.judge_kinds import torch_options
from sg_assets.declarations.kinds.models import JUDGE
from sg_assets.declarations.recipe_parameters import recipe_parameters
from sg_assets.declarations.records.judge_model import EmbeddingHead, ScoringModel, SequenceClassification
from sg_assets.hub.pin_step import folder_parameters
from sg_assets.judging.head_fit_step import fit_embedding_head
from sg_assets.judging.judge_parts import write_classifier, write_head
from sg_assets.judging.judge_step import fit_judge
from sg_assets.judging.scoring_job import main as scoring_job
from sg_assets.judging.scoring_spec import LIBRARIES
from sg_assets.orchestration.asset_def import AssetDef
from sg_assets.orchestration.judge_metadata import head_figures
from sg_assets.orchestration.judge_scoring import job_starter
from sg_assets.orchestration.pipes import GPU_POOL
from sg_assets.orchestration.project import Project
from sg_assets.orchestration.stored_outputs import stored_vectors
from sg_assets.store.step import Recipe, Workspace

_OUTSIDE_OF_THE_SCORES = frozenset({"thresholds", "threshold", "filter"})
"""What of a judge is versioned apart from its scores, with the flags."""


def judge_assets(project: Project) -> dict[str, AssetDef]:
    """The judges that score."""
    return {JUDGE.of(name): _judge(project, name) for name in project.declared.judges}


def _judge(project: Project, name: str) -> AssetDef:
    model = project.declared.profile.judges.get(name)
    if isinstance(model, SequenceClassification):
        return _classifier(project, name, model)
    if isinstance(model, EmbeddingHead):
        return _head(project, name, model) if model.fit is None else _fitted_head(project, name, model)
    return _linear(project, name)


def _linear(project: Project, name: str) -> AssetDef:
    declared, seed = project.declared.judges[name], project.declared.profile.seed

    def recipe(_: str | None) -> Recipe:
        parameters = {"judge": name, "seed": seed, "looks_at": declared.looks_at}
        return project.recipe([fit_judge], parameters, libraries=["scikit-learn", "scipy", "numpy"])

    def work(workspace: Workspace, context: dg.AssetExecutionContext) -> None:
        fit_judge(workspace, name, seed=seed, looks_at=declared.looks_at, hub=None, log=context.log.info)

    return AssetDef(
        f"{declared.description} Demo judge, not a moderation model.",
        recipe, work, frozenset({"scikitlearn"}), records_machine=True,
    )  # fmt: skip


def _classifier(project: Project, name: str, model: SequenceClassification) -> AssetDef:
    root = project.settings.models

    def recipe(_: str | None) -> Recipe:
        return project.recipe([write_classifier], {**_declared(name, model), **folder_parameters(model.model, root)})

    def work(workspace: Workspace, _: dg.AssetExecutionContext) -> None:
        write_classifier(workspace, model, root)

    return AssetDef(
        f"{project.declared.judges[name].description} By a classifier of texts: {model.model.label}.",
        recipe, work, frozenset({"huggingface"}),
    )  # fmt: skip


def _head(project: Project, name: str, model: EmbeddingHead) -> AssetDef:
    def recipe(_: str | None) -> Recipe:
        return project.recipe([write_head], {**_declared(name, model), **_folders(project, model)})

    def work(workspace: Workspace, _: dg.AssetExecutionContext) -> None:
        write_head(workspace, model, project.settings.models)

    return AssetDef(
        f"{project.declared.judges[name].description} By a head over embeddings.",
        recipe, work, frozenset({"huggingface"}),
    )  # fmt: skip


def _fitted_head(project: Project, name: str, model: EmbeddingHead) -> AssetDef:
    profile = project.declared.profile
    options = torch_options(profile, name)

    def recipe(_: str | None) -> Recipe:
        parameters = {
            **_declared(name, model), **_folders(project, model),
            "seed": profile.seed, "measured_at": model.thresholds, "in_use": model.threshold,
        }  # fmt: skip
        entries: list[Entry] = [fit_embedding_head, scoring_job]
        return project.recipe(entries, parameters, libraries=["scikit-learn", "scipy", "numpy", *LIBRARIES])

    def work(workspace: Workspace, context: dg.AssetExecutionContext) -> None:
        with stored_vectors(project, context.log.info) as vectors:
            fit_embedding_head(
                workspace, model, options, root=project.settings.models, seed=profile.seed, memories=vectors,
                start=job_starter(project, context, workspace), log=context.log.info,
            )  # fmt: skip

    return AssetDef(
        f"{project.declared.judges[name].description} By a head over embeddings, fitted here on labelled texts.",
        recipe, work, frozenset({"scikitlearn"}), GPU_POOL if options else None, records_machine=True,
        metadata=head_figures,
    )  # fmt: skip


def _declared(name: str, model: ScoringModel) -> dict[str, Any]:
    values = recipe_parameters(model).items()
    return {"judge": name, **{key: value for key, value in values if key not in _OUTSIDE_OF_THE_SCORES}}


def _folders(project: Project, model: EmbeddingHead) -> Mapping[str, Any]:
    """The digests of declared folders, part by part."""
    root = project.settings.models
    embedder = {} if model.embedder is None else folder_parameters(model.embedder.model, root)
    head = {} if model.head is None else folder_parameters(model.head.pinned, root, "head")
    return {f"{part}_{key}": value for part, known in (("embedder", embedder), ("head", head))
            for key, value in known.items()}  # fmt: skip
