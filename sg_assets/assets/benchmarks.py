"""Per benchmark and variant: answers, judgements, scores. All of it follows from a benchmark's declaration."""

from pathlib import Path
from typing import TYPE_CHECKING

import dagster as dg

from sg_assets.assets.building import Beside, Making
from sg_assets.assets.jobs import GPU_POOL
from sg_assets.assets.judging import asked_judge
from sg_assets.assets.moved import score_moved
from sg_assets.assets.project import Project
from sg_assets.assets.scores import score_table
from sg_assets.assets.sql import sql_recipe
from sg_assets.declarations.facts import recipe_parameters
from sg_assets.declarations.graph import METHODS, items_of
from sg_assets.declarations.records import Benchmark
from sg_assets.store.manifests import Manifest
from sg_assets.store.step import Recipe, Workspace

if TYPE_CHECKING:
    import polars as pl

    from sg_assets.generation.known import Requests


def benchmark_assets(project: Project) -> dict[str, Making]:
    """``responses/*``, ``judgements/*`` and ``scores/*``."""
    makings: dict[str, Making] = {}
    for name, benchmark in project.declared.benchmarks.items():
        makings[f"responses/{name}"] = _responses(project, benchmark)
        makings[f"judgements/{name}"] = _judgements(project, benchmark)
        if f"scores/{name}" in project.graph.nodes:
            makings[f"scores/{name}"] = _scores(project, benchmark)
    return makings


def _responses(project: Project, benchmark: Benchmark) -> Making:
    settings = project.declared.profile.generation
    query = project.declared.items[benchmark.name]

    def recipe(partition: str | None) -> Recipe:
        return project.recipe(
            ["generation.generate", "generation.transformers_engine"],
            {"variant": partition, **recipe_parameters(settings)},
            libraries=["torch", "transformers", "peft"],
            key=("item_id",),
            queries=[(f"models/benchmarks/{benchmark.name}.yaml", query.canonical)],
        )

    def asked(workspace: Workspace, items: "pl.DataFrame") -> "Requests":
        from sg_assets.generation.known import Requests
        from sg_assets.generation.transformers_engine import TransformersEngine

        engine = TransformersEngine(settings, *models_of(project, workspace))
        return Requests(engine, [[{"role": "user", "content": prompt}] for prompt in items["prompt"]])

    def run(workspace: Workspace, context: dg.AssetExecutionContext) -> None:
        import polars as pl

        from sg_assets.generation.generate import generate

        items = workspace.query(query.text).sort("item_id")
        to = asked(workspace, items)
        generated = generate(to.engine, project.settings.answers, to.chats, context.log.info, run_id=context.run.run_id)
        workspace.details.update(generated.details())
        workspace.ran_on(generated.machines)
        variant = pl.lit(context.partition_key).alias("variant")
        workspace.write_table(pl.concat([items, generated.frame()], how="horizontal").with_columns(variant))

    return Making(
        f"Answers to: {benchmark.description}", recipe, run, frozenset({"pytorch", "huggingface"}), GPU_POOL,
        asks=lambda workspace: asked(workspace, workspace.query(query.text)),
    )  # fmt: skip


def models_of(project: Project, workspace: Workspace) -> tuple[tuple[Manifest, Path], tuple[Manifest, Path] | None]:
    """The chat model a variant stands on and its adapter, if it has one, with where they lie."""
    chat = workspace.inputs["models/chat"][0]
    adapters = [one for method in METHODS for one in workspace.inputs.get(f"adapters/{method}", ())]
    adapter = adapters[0] if adapters else None
    path = project.store.path
    return (chat, path(chat)), None if adapter is None else (adapter, path(adapter))


def _judgements(project: Project, benchmark: Benchmark) -> Making:
    thresholds = {flag: project.declared.judges[judge].cut for flag, judge in benchmark.judges.items()}

    def recipe(_: str | None) -> Recipe:
        parameters = {"judges": dict(benchmark.judges), "thresholds": thresholds}
        return project.recipe(["judging.score"], parameters, libraries=["scikit-learn"], key=("item_id",))

    def run(workspace: Workspace, _: dg.AssetExecutionContext) -> None:
        import polars as pl

        from sg_assets.judging.score import score_responses

        answers = workspace.table(f"responses/{benchmark.name}").sort("item_id")
        judges = {f"{judge}_score": asked_judge(project, workspace, judge) for judge in benchmark.judges.values()}
        flags = [(pl.col(f"{judge}_score") >= thresholds[flag]).alias(flag) for flag, judge in benchmark.judges.items()]
        workspace.write_table(score_responses(answers, judges).drop("prompt", "response").with_columns(flags))

    return Making(
        f"Judge scores per answer, raw, and the flags their thresholds raise, for: {benchmark.description}",
        recipe, run, numeric=True,
    )  # fmt: skip


def _scores(project: Project, benchmark: Benchmark) -> Making:
    declared = project.declared.sql[f"scores/{benchmark.name}"]
    recipe = sql_recipe(project, declared, modules=["statistics.rates"], libraries=["scipy"], key=("metric", "slice"))

    def run(workspace: Workspace, context: dg.AssetExecutionContext) -> None:
        import polars as pl

        from sg_assets.statistics.rates import estimate

        items = workspace.query(declared.query.text, workspace.parameters).sort(declared.key)
        variant = pl.lit(context.partition_key).alias("variant")
        workspace.write_table(items.with_columns(variant), items_of(declared.asset))
        workspace.write_table(estimate(items).with_columns(variant))

    beside = Beside(f"The values behind the scores, item by item: {declared.description}", declared.key)
    return Making(
        declared.description, recipe, run, frozenset({"sql", "duckdb"}), pictures=score_table(project),
        watches=(score_moved(project),),
        beside={items_of(declared.asset): beside},
    )  # fmt: skip
