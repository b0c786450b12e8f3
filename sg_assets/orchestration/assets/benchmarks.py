"""Per benchmark and variant: answers, judgements, scores. All of it follows from a benchmark's declaration."""

import dagster as dg

from sg_assets.declarations.asset_names import CHAT_MODEL, items_of
from sg_assets.declarations.kinds.benchmarks import JUDGEMENTS, RESPONSES, SCORES, benchmark_file
from sg_assets.declarations.recipe_parameters import recipe_parameters
from sg_assets.declarations.records.benchmark import Benchmark
from sg_assets.generation.benchmark_responses import answer_items, item_requests
from sg_assets.jobs.step_work import AnswerItems
from sg_assets.judging.judgements_step import judge_answers
from sg_assets.judging.kind_judgements_step import judge_answers_by_kind
from sg_assets.orchestration.asset_def import AssetDef, ExtraOutput
from sg_assets.orchestration.assets.sql import sql_recipe
from sg_assets.orchestration.checks.score_moved import score_moved
from sg_assets.orchestration.effect_metadata import effect_seen
from sg_assets.orchestration.judge_metadata import judgement_figures
from sg_assets.orchestration.judge_scoring import (
    SCORING_ENTRIES,
    SCORING_LIBRARIES,
    are_linear,
    demo_marks,
    kind_scores,
    scoring_parameters,
    scoring_pool,
)
from sg_assets.orchestration.pipes import GPU_POOL, run_step_job
from sg_assets.orchestration.project import Project
from sg_assets.orchestration.score_metadata import score_table
from sg_assets.orchestration.stored_outputs import stored_answers, stored_scores
from sg_assets.statistics.score_items_step import score_items
from sg_assets.store.step import Recipe, Workspace


def benchmark_assets(project: Project) -> dict[str, AssetDef]:
    """``responses/*``, ``judgements/*`` and ``scores/*``."""
    asset_defs: dict[str, AssetDef] = {}
    for name, benchmark in project.declared.benchmarks.items():
        asset_defs[RESPONSES.of(name)] = _responses(project, benchmark)
        asset_defs[JUDGEMENTS.of(name)] = _judgements(project, benchmark)
        if SCORES.of(name) in project.graph.nodes:
            asset_defs[SCORES.of(name)] = _scores(project, benchmark)
    return asset_defs


def _responses(project: Project, benchmark: Benchmark) -> AssetDef:
    settings = project.declared.profile.generation
    query = project.declared.items[benchmark.name]

    def recipe(partition: str | None) -> Recipe:
        return project.recipe(
            [answer_items],
            {"variant": partition, **recipe_parameters(settings)},
            libraries=["torch", "transformers", "peft"],
            key=("item_id",),
            queries=[(benchmark_file(benchmark.name), query.canonical)],
        )

    def work(workspace: Workspace, context: dg.AssetExecutionContext) -> None:
        with stored_answers(project, context.log.info) as answers:
            run_step_job(
                project, context, workspace, AnswerItems(query=query.text, settings=settings, answers=answers),
                loads=[CHAT_MODEL], device=settings.device, threads=settings.threads,
            )  # fmt: skip

    return AssetDef(
        f"Answers to: {benchmark.description}", recipe, work, frozenset({"pytorch", "huggingface"}), GPU_POOL,
        model_calls=lambda workspace: item_requests(workspace, query.text, settings), notes=query.notes,
        metadata=effect_seen,
    )  # fmt: skip


def _judgements(project: Project, benchmark: Benchmark) -> AssetDef:
    responses, judges = RESPONSES.of(benchmark.name), benchmark.deciding_judges
    thresholds = {flag: project.declared.judges[judge].cut for flag, judge in judges.items()}
    further = {
        flag: {judge: project.declared.judges[judge].cut for judge in named[1:]}
        for flag, named in benchmark.judges.items()
        if len(named) > 1
    }
    as_ever = are_linear(project, benchmark.all_judges) and not further
    marks = demo_marks(project, benchmark.all_judges)

    def recipe(_: str | None) -> Recipe:
        parameters: dict[str, object] = {"judges": judges, "thresholds": thresholds}
        if as_ever:
            return project.recipe([judge_answers], parameters, libraries=["scikit-learn"], key=("item_id",))
        parameters.update(scoring_parameters(project, benchmark.all_judges))
        parameters.update({"further": further} if further else {})
        entries = [judge_answers_by_kind, *SCORING_ENTRIES]
        return project.recipe(entries, parameters, libraries=SCORING_LIBRARIES, key=("item_id",))

    def work(workspace: Workspace, context: dg.AssetExecutionContext) -> None:
        with stored_scores(project, context.log.info) as memories:
            if as_ever:
                judge_answers(workspace, responses, judges, thresholds, memories)
                return
            scores = kind_scores(project, context, workspace, memories)
            seed = project.declared.profile.seed
            judge_answers_by_kind(workspace, responses, judges, thresholds, further=further, scores=scores, seed=seed)

    return AssetDef(
        f"Judge scores per answer, raw, and the flags their thresholds raise, for: {benchmark.description}",
        recipe, work, pool=scoring_pool(project, benchmark.all_judges), records_machine=True,
        metadata=judgement_figures, notes=marks,
    )  # fmt: skip


def _scores(project: Project, benchmark: Benchmark) -> AssetDef:
    declared = project.declared.sql[SCORES.of(benchmark.name)]
    items = items_of(declared.asset)
    recipe = sql_recipe(project, declared, score_items, libraries=["scipy"], key=("metric", "slice"))

    def work(workspace: Workspace, _: dg.AssetExecutionContext) -> None:
        score_items(workspace, declared.query.text, declared.key, items)

    item_values = ExtraOutput(f"The values behind the scores, item by item: {declared.description}", declared.key)
    return AssetDef(
        declared.description, recipe, work, frozenset({"sql", "duckdb"}), metadata=score_table(project),
        monitors=(score_moved(project),),
        extra_outputs={items: item_values}, notes=declared.query.notes,
    )  # fmt: skip
