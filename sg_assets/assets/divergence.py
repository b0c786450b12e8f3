"""``scores/divergence``: how far each variant's answers are from base's."""

from functools import partial
from typing import TYPE_CHECKING

import dagster as dg

from sg_assets.assets.building import Beside, Making
from sg_assets.assets.metadata import png
from sg_assets.assets.moved import score_moved
from sg_assets.assets.project import Project
from sg_assets.assets.scores import score_table
from sg_assets.declarations.graph import BASE, DIVERGENCE, items_of
from sg_assets.declarations.records import Benchmark
from sg_assets.store.fingerprints import json_digest
from sg_assets.store.manifests import Manifest
from sg_assets.store.step import Recipe, Workspace

if TYPE_CHECKING:
    import polars as pl

_ITEMS = items_of(DIVERGENCE)
_KEY = ("metric", "slice", "item_id")


def divergence_assets(project: Project) -> dict[str, Making]:
    """``scores/divergence`` and its items, where some benchmark asks for it."""
    return {DIVERGENCE: _divergence(project)} if DIVERGENCE in project.graph.nodes else {}


def _divergence(project: Project) -> Making:
    seed = project.declared.profile.seed
    compared = [one for one in project.declared.benchmarks.values() if one.divergence is not None]

    def recipe(_: str | None) -> Recipe:
        items = {one.name: one.divergence.items for one in compared if one.divergence is not None}
        modules = ["embedding.divergence", "statistics.rates"]
        return project.recipe(modules, {"seed": seed, "items": items}, libraries=["scikit-learn", "numpy", "scipy"],
                              key=("metric", "slice"))  # fmt: skip

    def run(workspace: Workspace, context: dg.AssetExecutionContext) -> None:
        import polars as pl

        from sg_assets.embedding.divergence import similarities
        from sg_assets.statistics.rates import estimate

        answers = pl.concat(_answers(workspace, one, context.partition_key, seed) for one in compared)
        [embedder] = workspace.inputs["models/embedder"]
        code = project.recipe(["embedding.embedder"]).code.fingerprint
        memory = project.settings.embedded / json_digest([embedder.fingerprint, code])
        items = similarities(answers.sort("slice", "item_id"), project.store.path(embedder), memory)
        variant = pl.lit(context.partition_key).alias("variant")
        workspace.write_table(items.sort(_KEY).with_columns(variant), _ITEMS)
        workspace.write_table(estimate(items).with_columns(variant))

    return Making(
        "How near a variant's answers are to base's: cosine similarity of their embeddings, by benchmark and label.",
        recipe, run, frozenset({"python"}), pictures=partial(_pictures, project), numeric=True,
        watches=(score_moved(project),),
        beside={_ITEMS: Beside("The similarity of base's and the variant's answer, item by item.", _KEY)},
    )  # fmt: skip


def _answers(workspace: Workspace, benchmark: Benchmark, variant: str, seed: int) -> "pl.DataFrame":
    """The items that base and the variant both answered, with both answers."""
    most = benchmark.divergence.items if benchmark.divergence is not None else None
    answered = f"FROM responses.{benchmark.name} WHERE outcome = 'ok' AND variant ="
    sql = f"""
        SELECT $benchmark || '_' || base.label AS slice, item_id, base.cluster_id, base.response AS before,
          other.response AS after
        FROM (SELECT * {answered} $base) AS base
        JOIN (SELECT * {answered} $variant) AS other USING (item_id)
        QUALIFY $most IS NULL OR row_number() OVER (
          PARTITION BY base.label ORDER BY sample_rank('divergence', $seed, item_id)
        ) <= $most
    """
    values = {"benchmark": benchmark.name, "base": BASE, "variant": variant, "most": most, "seed": seed}
    return workspace.query(sql, values)


def _pictures(project: Project, manifest: Manifest) -> dict[str, dg.MetadataValue]:
    from sg_assets.assets.scoreboard import items_behind
    from sg_assets.reports.distributions import distributions_picture

    picture = png(
        distributions_picture(items_behind(project, manifest)), "similarity to base's answers, by benchmark and label"
    )
    return {"distributions": picture, **score_table(project)(manifest)}
