"""``scores/divergence``: how far each variant's answers are from base's."""

from functools import partial

import dagster as dg

from sg_assets.code.closure import Entry
from sg_assets.declarations.asset_names import DIVERGENCE, items_of
from sg_assets.declarations.records.embedder import SentenceTransformers
from sg_assets.embedding.divergence_step import ITEMS_KEY, measure_divergence
from sg_assets.judging.compared_vectors import embed_compared
from sg_assets.orchestration.asset_def import AssetDef, ExtraOutput
from sg_assets.orchestration.checks.score_moved import score_moved
from sg_assets.orchestration.judge_scoring import SCORING_ENTRIES, SCORING_LIBRARIES, job_starter
from sg_assets.orchestration.metadata import png
from sg_assets.orchestration.pipes import GPU_POOL
from sg_assets.orchestration.project import Project
from sg_assets.orchestration.score_metadata import score_table
from sg_assets.orchestration.stored_outputs import stored_vectors
from sg_assets.store.manifests import Manifest
from sg_assets.store.step import Recipe, Workspace

_ITEMS = items_of(DIVERGENCE)


def divergence_assets(project: Project) -> dict[str, AssetDef]:
    """``scores/divergence`` and its items, where a benchmark declares it."""
    return {DIVERGENCE: _divergence(project)} if DIVERGENCE in project.graph.nodes else {}


def _divergence(project: Project) -> AssetDef:
    seed = project.declared.profile.seed
    embedder = project.declared.profile.embedder
    encoder = embedder if isinstance(embedder, SentenceTransformers) else None
    benchmarks = project.declared.benchmarks.values()
    compared = {
        benchmark.name: benchmark.divergence.items for benchmark in benchmarks if benchmark.divergence is not None
    }

    def recipe(_: str | None) -> Recipe:
        libraries = ["scikit-learn", "numpy", "scipy"]
        parameters = {"seed": seed, "items": compared}
        if encoder is None:
            return project.recipe([measure_divergence], parameters, libraries=libraries, key=("metric", "slice"))
        entries: list[Entry] = [measure_divergence, embed_compared, *SCORING_ENTRIES]
        return project.recipe(entries, parameters, libraries=SCORING_LIBRARIES, key=("metric", "slice"))

    def work(workspace: Workspace, context: dg.AssetExecutionContext) -> None:
        with stored_vectors(project, context.log.info) as vectors:
            if encoder is not None:
                start = job_starter(project, context, workspace)
                embed_compared(workspace, compared, seed, options=encoder, memories=vectors, start=start)
            measure_divergence(workspace, compared, seed, _ITEMS, vectors)

    items = ExtraOutput("The similarity of base's and the variant's answer, item by item.", ITEMS_KEY)
    return AssetDef(
        "How near a variant's answers are to base's: cosine similarity of their embeddings, by benchmark and label.",
        recipe, work, pool=None if encoder is None else GPU_POOL, metadata=partial(_metadata, project),
        records_machine=True,
        monitors=(score_moved(project),),
        extra_outputs={_ITEMS: items},
    )  # fmt: skip


def _metadata(project: Project, manifest: Manifest) -> dict[str, dg.MetadataValue]:
    from sg_assets.reports.render.distributions import distributions_picture
    from sg_assets.reports.score_items import items_behind

    items = items_behind(project.store, manifest)
    picture = png(distributions_picture(items), "similarity to base's answers, by benchmark and label")
    return {"distributions": picture, **score_table(project)(manifest)}
