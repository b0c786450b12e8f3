"""The status of a project's partitions, the plan to bring them up to date, and the cost of the work."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from sg_assets.declarations.asset_names import (
    CORPUS,
    DIVERGENCE,
    FORUM_COMMENTS,
    LABEL_SAMPLE,
    SAFE_PROMPT_REJECTIONS,
    SAFE_RESPONSES,
)
from sg_assets.orchestration.asset_def import AssetDef
from sg_assets.orchestration.obstacles import obstacles_of
from sg_assets.orchestration.project import Project
from sg_assets.orchestration.step_spec import step_spec
from sg_assets.status.declared_sizes import DeclaredSizes
from sg_assets.status.partition_status import PartitionStatus, RecipeOf, Survey
from sg_assets.status.plan import Plan, StepResources, StepSizes, plan, required_refs
from sg_assets.status.spans import ANYTHING, NOTHING
from sg_assets.status.survey import survey, undeclared
from sg_assets.store.recipes import Recipe
from sg_assets.store.refs import Ref
from sg_assets.store.workspace import Workspace

GENERATED = (SAFE_RESPONSES, SAFE_PROMPT_REJECTIONS)
"""What the generator writes."""
STATUS = "reports/status"
"""Shows the graph, so it is not in the graph."""


def project_survey(project: Project, asset_defs: Mapping[str, AssetDef]) -> Survey:
    """The status of every partition of a project now."""
    return survey(project.store, project.graph, recipe_of(project, asset_defs))


def undeclared_of(project: Project) -> list[Ref]:
    """Partitions with versions that are no longer declared."""
    return undeclared(project.store, project.graph, besides=[STATUS, LABEL_SAMPLE])


def project_plan(project: Project, asset_defs: Mapping[str, AssetDef], stand: Survey, names: Iterable[str]) -> Plan:
    """The plan that brings the named up to date (variants, schemas, assets, partitions), with all their ancestors.

    Raises:
        SgAssetsError: a name matches nothing.
    """
    declared = project.declared
    refs = required_refs(project.graph, declared.variants, declared.named(names), stand)
    return plan(project.store, project.graph, stand, refs, needs_of(project, asset_defs))


def recipe_of(project: Project, asset_defs: Mapping[str, AssetDef]) -> RecipeOf:
    """The recipe of each partition, with the contract of its own table."""

    def recipe(ref: Ref) -> Recipe:
        named_for = project.graph.nodes[ref.asset].output_of or ref.asset
        step = step_spec(project, named_for, asset_defs[named_for], ref.partition)
        contracts = {step.ref: step.recipe.contract, **{extra.ref: extra.contract for extra in step.extra_outputs}}
        return replace(step.recipe, contract=contracts[ref])

    return recipe


def needs_of(project: Project, asset_defs: Mapping[str, AssetDef]) -> StepResources:
    """The pools, endpoints and model calls that the work of each asset needs."""
    profile = project.declared.profile
    settings = project.settings
    sizes = DeclaredSizes(
        project.declared,
        generated_comments=Ref.of(CORPUS) in project.graph.inputs(FORUM_COMMENTS, None),
        answers_are_stored=settings.answers.is_dir() and any(settings.answers.iterdir()),
    )
    endpoints = {DIVERGENCE: profile.paid_embedder, **dict.fromkeys(GENERATED, profile.generator)}
    return StepResources(
        pools={name: asset_def.pool for name, asset_def in asset_defs.items() if asset_def.pool is not None},
        paid={name: endpoint.model for name, endpoint in endpoints.items() if endpoint is not None},
        calls=lambda standing, stand: _calls(project, asset_defs, standing, stand),
        prices=profile.prices,
        sizes=lambda ref: _sizes(project, asset_defs, sizes, ref),
        obstacles=lambda ref: obstacles_of(project, asset_defs, ref),
    )


def _sizes(project: Project, asset_defs: Mapping[str, AssetDef], sizes: DeclaredSizes, ref: Ref) -> StepSizes:
    """What declared sizes say of a step: what is no table has no rows, and most steps ask no model."""
    asset_def = asset_defs.get(ref.asset)
    asks = asset_def is not None and asset_def.model_calls is not None
    paid = ref.asset == DIVERGENCE and project.declared.profile.embedder is not None
    calls = sizes.calls(ref) if asks else ANYTHING if paid else NOTHING
    return StepSizes(sizes.rows(ref) if ref.asset in project.tables else NOTHING, calls)


def _calls(
    project: Project, asset_defs: Mapping[str, AssetDef], standing: PartitionStatus, stand: Survey
) -> int | None:
    """The calls a step would make; None where an input is missing, or is only in a remote store."""
    from sg_assets.generation.call_counts import count_unanswered

    asset_def = asset_defs.get(standing.ref.asset)
    reads = {ref: stand[ref].expected for ref in project.graph.inputs(standing.ref.asset, standing.ref.partition)}
    pinned = {ref: version for ref, version in reads.items() if version is not None}
    if (
        asset_def is None
        or asset_def.model_calls is None
        or standing.recipe is None
        or len(pinned) < len(reads)
        or not project.store.is_local
    ):
        return None
    inputs = {asset: [pinned[ref] for ref in reads if ref.asset == asset] for asset in {ref.asset for ref in reads}}
    with TemporaryDirectory() as folder:
        workspace = Workspace((standing.ref,), inputs, project.store, Path(folder), standing.recipe.parameters)
        try:
            return count_unanswered(asset_def.model_calls(workspace), project.settings.answers)
        finally:
            workspace.close()
