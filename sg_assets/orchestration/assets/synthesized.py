"""Answers to learn from: the base model's own, and the generator's safe ones."""

import dagster as dg

from sg_assets.declarations.asset_names import BASE_RESPONSES, CHAT_MODEL, SAFE_PROMPT_REJECTIONS, SAFE_RESPONSES
from sg_assets.declarations.recipe_parameters import recipe_parameters
from sg_assets.generation.base_responses import (
    BASE_JUDGES,
    answer_as_base,
    answer_unscored,
    base_requests,
    score_unscored,
)
from sg_assets.generation.few_shot import REFUSE_ANYWAY, SAFE_ANSWER
from sg_assets.generation.generator_responses import answer_as_generator, generator_requests
from sg_assets.jobs.step_work import AnswerAsBase, AnswerUnscored
from sg_assets.orchestration.asset_def import AssetDef
from sg_assets.orchestration.judge_scoring import (
    SCORING_ENTRIES,
    SCORING_LIBRARIES,
    are_linear,
    demo_marks,
    kind_scores,
    scoring_parameters,
)
from sg_assets.orchestration.pipes import GPU_POOL, run_step_job
from sg_assets.orchestration.project import Project
from sg_assets.orchestration.stored_outputs import stored_answers, stored_scores
from sg_assets.store.step import Recipe, Workspace


def synthesized_assets(project: Project) -> dict[str, AssetDef]:
    """Answers to the prompts of ``train`` and ``dev``."""
    return {
        BASE_RESPONSES: _base_responses(project),
        SAFE_RESPONSES: _generated(
            project, "Safe answers to unsafe prompts, written by the generator.", "unsafe", SAFE_ANSWER
        ),
        SAFE_PROMPT_REJECTIONS: _generated(
            project, "Refusals of safe prompts, to pair against the base model's answers in DPO.", "safe", REFUSE_ANYWAY
        ),
    }


def _base_responses(project: Project) -> AssetDef:
    settings = project.declared.profile.generation
    as_ever = are_linear(project, BASE_JUDGES)

    def recipe(_: str | None) -> Recipe:
        libraries = ["torch", "transformers", "scikit-learn"]
        parameters = recipe_parameters(settings)
        if as_ever:
            return project.recipe([answer_as_base], parameters, libraries=libraries, key=("prompt_id",))
        parameters |= scoring_parameters(project, BASE_JUDGES)
        entries = [answer_unscored, score_unscored, *SCORING_ENTRIES]
        return project.recipe(entries, parameters, libraries=[*SCORING_LIBRARIES, *libraries], key=("prompt_id",))

    def work(workspace: Workspace, context: dg.AssetExecutionContext) -> None:
        log = context.log.info
        with stored_answers(project, log) as answers, stored_scores(project, log) as scores:
            if as_ever:
                answering = AnswerAsBase(settings=settings, answers=answers, memories=scores)
                run_step_job(
                    project, context, workspace, answering,
                    loads=[CHAT_MODEL], device=settings.device, threads=settings.threads,
                )  # fmt: skip
                return
            run_step_job(
                project, context, workspace, AnswerUnscored(settings=settings, answers=answers),
                loads=[CHAT_MODEL], device=settings.device, threads=settings.threads,
            )  # fmt: skip
            score_unscored(workspace, kind_scores(project, context, workspace, scores))

    return AssetDef(
        "The base model's own answers, wanted on safe prompts and unwanted on unsafe ones, with the judges' scores.",
        recipe, work, frozenset({"pytorch", "huggingface"}), GPU_POOL, records_machine=not as_ever,
        model_calls=lambda workspace: base_requests(workspace, settings), notes=demo_marks(project, BASE_JUDGES),
    )  # fmt: skip


def _generated(project: Project, description: str, label: str, instruction: str) -> AssetDef:
    def recipe(_: str | None) -> Recipe:
        parameters = {"label": label, "instruction": instruction}
        return project.recipe([answer_as_generator], parameters, key=("prompt_id",))

    def work(workspace: Workspace, context: dg.AssetExecutionContext) -> None:
        log = context.log.info
        with stored_answers(project, log) as answers:
            answer_as_generator(workspace, label, instruction, answers, log=log, run_id=context.run.run_id)

    return AssetDef(
        description, recipe, work, model_calls=lambda workspace: generator_requests(workspace, label, instruction)
    )
