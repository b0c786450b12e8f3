"""From a node of the graph and a way to make it, to a Dagster asset."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import dagster as dg
from pydantic import Field

from sg_assets.declarations.graph import Edge, Node
from sg_assets.errors import SgAssetsError
from sg_assets.machine import this_machine
from sg_assets.orchestration.contracts import check_results, check_specs, contract_of, held_back
from sg_assets.orchestration.metadata import columns_known, describe
from sg_assets.orchestration.project import Project
from sg_assets.store.manifests import Manifest
from sg_assets.store.quarantine import QuarantinedError
from sg_assets.store.refs import Ref
from sg_assets.store.step import Outcome, Output, Recipe, Workspace, run_step

if TYPE_CHECKING:
    from sg_assets.generation.call_counts import Requests

Run = Callable[[Workspace, dg.AssetExecutionContext], None]
Picture = Callable[[Manifest], Mapping[str, dg.MetadataValue]]
Made = Iterator[dg.AssetCheckResult | dg.MaterializeResult[None]]


def _nothing_more(_: Manifest) -> None:
    return


def _no_pictures(_: Manifest) -> Mapping[str, dg.MetadataValue]:
    return {}


class ModelCallConfig(dg.Config):
    """What a person may say of a run that asks a model. None of it moves a result."""

    calls_at_most: int | None = Field(
        default=None,
        ge=0,
        description="Fail before the first request where more than this many have no stored answer. Empty: no limit.",
    )


@dataclass(frozen=True)
class ExtraOutput:
    """A table that the work of another asset makes as well, partition by partition where that has partitions."""

    description: str
    key: tuple[str, ...]


@dataclass(frozen=True)
class Monitor:
    """A check of a published version that warns and never holds anything back."""

    name: str
    description: str
    look: Callable[[Manifest], dg.AssetCheckResult]
    """The evaluation of a version that is current now."""


@dataclass(frozen=True)
class AssetDef:
    """How the partitions of one asset are made."""

    description: str
    recipe: Callable[[str | None], Recipe]
    """By partition key."""
    run: Run
    """The work; runs only if no version of the recipe exists."""
    kinds: frozenset[str] = frozenset({"python"})
    pool: str | None = None
    """The concurrency pool of GPU work."""
    mixed_ancestors: bool = False
    """Whether inputs may stem from different contents of one ancestor, as scores shown side by side may."""
    pictures: Picture = field(default=_no_pictures)
    """Metadata to look at, from a published version."""
    published: Callable[[Manifest], None] = field(default=_nothing_more)
    """What is left to do once a version is current, such as letting go of what its work kept."""
    beside: Mapping[str, ExtraOutput] = field(default_factory=dict)
    """Further assets the same work makes, of the same inputs."""
    observed: tuple[str, ...] = ()
    """What it reads that lies outside: shown in Dagster as what it is made from, pinned by the recipe."""
    watches: tuple[Monitor, ...] = ()
    """Checks of what was published."""
    numeric: bool = False
    """Whether NumPy or scikit-learn computes its numbers in this process: then the machine is recorded. Jobs and
    engines record theirs themselves."""
    asks: Callable[[Workspace], "Requests"] | None = None
    """The requests to a model that the work makes of its inputs, for plans to count; None where it asks none."""


@dataclass(frozen=True)
class Step:
    """All that `run_step` is told of one partition of an asset, but the work."""

    ref: Ref
    inputs: tuple[Ref, ...]
    recipe: Recipe
    extra_outputs: tuple[Output, ...]


def step_of(project: Project, name: str, asset_def: AssetDef, partition: str | None) -> Step:
    """What making one partition of an asset takes and gives."""
    recipe = asset_def.recipe(partition)
    return Step(
        Ref.of(name, partition),
        project.graph.inputs(name, partition),
        replace(recipe, contract=contract_of(project, name, recipe.contract.key, partition)),
        tuple(
            Output(Ref.of(one, partition), contract_of(project, one, beside.key, partition))
            for one, beside in asset_def.beside.items()
        ),
    )


def build_asset(project: Project, name: str, asset_def: AssetDef) -> dg.AssetsDefinition:
    """The asset of a graph node, with those made beside it: edges become dependencies, versions data versions."""
    node = project.graph.nodes[name]
    described = {name: asset_def.description, **{one: beside.description for one, beside in asset_def.beside.items()}}

    made_by = dg.multi_asset(
        name=name.replace("/", "__"),
        specs=[_spec(project, one, asset_def, description) for one, description in described.items()],
        check_specs=[
            *(spec for one in described for spec in check_specs(project, one, partitions(node))),
            *watch_specs(name, asset_def.watches, partitions(node)),
        ],
        partitions_def=partitions(node),
        pool=asset_def.pool,
    )

    def made(context: dg.AssetExecutionContext, calls_at_most: int | None) -> Made:
        partition = context.partition_key if node.partitions is not None else None
        step = step_of(project, name, asset_def, partition)
        try:
            outcome = run_step(
                project.store,
                step.ref,
                step.inputs,
                step.recipe,
                lambda workspace: _work(project, asset_def, workspace, context, calls_at_most),
                extra_outputs=step.extra_outputs,
                run_id=context.run.run_id,
                log=context.log.info,
                mixed_ancestors=asset_def.mixed_ancestors,
            )
        except QuarantinedError as error:
            for candidate in error.candidates:
                yield from check_results(candidate.asset, candidate.audit, **held_back(error))
            raise
        outcomes = (outcome, *outcome.extra_outputs)
        if any(one.moved_head for one in outcomes):
            project.catalogue.published()
        asset_def.published(outcome.manifest)
        pictures = asset_def.pictures(outcome.manifest)
        for one in outcomes:
            yield _result(project, one, pictures if one is outcome else {})
        for watch in asset_def.watches:
            yield watch.look(outcome.manifest)

    def asking_nobody(context: dg.AssetExecutionContext) -> Made:
        yield from made(context, None)

    def asking(context: dg.AssetExecutionContext, config: ModelCallConfig) -> Made:
        yield from made(context, config.calls_at_most)

    return made_by(asking_nobody if asset_def.asks is None else asking)


def _work(
    project: Project,
    asset_def: AssetDef,
    workspace: Workspace,
    context: dg.AssetExecutionContext,
    calls_at_most: int | None,
) -> None:
    if asset_def.asks is not None and calls_at_most is not None:
        from sg_assets.generation.call_counts import count_unanswered

        calls = count_unanswered(asset_def.asks(workspace), project.settings.answers)
        if calls > calls_at_most:
            raise SgAssetsError(
                f"{calls:,} requests have no stored answer, {calls_at_most:,} are allowed",
                where=str(workspace.ref),
                why="calls_at_most of the run's config",
                remedy="Allow more, or leave it out. `sg-assets plan` counts them before.",
            )
        context.log.info(f"{calls:,} requests have no stored answer, {calls_at_most:,} are allowed.")
    worked(asset_def, workspace, context)


def worked(asset_def: AssetDef, workspace: Workspace, context: dg.AssetExecutionContext) -> None:
    """Run the work, and record where it ran."""
    asset_def.run(workspace, context)
    if asset_def.numeric:
        workspace.ran_on([this_machine()])


def _spec(project: Project, name: str, asset_def: AssetDef, description: str) -> dg.AssetSpec:
    node, columns = project.graph.nodes[name], project.tables.get(name, ())
    owner = project.declared.alerts.owner_of(name)
    return dg.AssetSpec(
        dg.AssetKey(name.split("/")),
        deps=[
            *(dependency(edge, node, project.graph.nodes[edge.upstream]) for edge in node.edges),
            *(dg.AssetKey(one.split("/")) for one in asset_def.observed),
        ],
        group_name=name.split("/", maxsplit=1)[0],
        description=description,
        kinds=set(asset_def.kinds),
        owners=[] if owner is None else [owner if "@" in owner else f"team:{owner}"],
        metadata=columns_known(columns) if columns else {},
    )


def watch_specs(
    name: str, watches: Sequence[Monitor], partitions_def: dg.PartitionsDefinition[str] | None
) -> list[dg.AssetCheckSpec]:
    """The Dagster checks of an asset's watches."""
    return [
        dg.AssetCheckSpec(
            watch.name,
            asset=dg.AssetKey(name.split("/")),
            description=watch.description,
            blocking=False,
            partitions_def=partitions_def,
        )
        for watch in watches
    ]


def _result(project: Project, outcome: Outcome, pictures: Mapping[str, dg.MetadataValue]) -> dg.MaterializeResult[None]:
    manifest = outcome.manifest
    described = describe(outcome, project.store, project.tables.get(manifest.asset, ()))
    return dg.MaterializeResult(
        asset_key=dg.AssetKey(manifest.asset.split("/")),
        data_version=dg.DataVersion(manifest.fingerprint),
        check_results=check_results(manifest.asset, manifest.audit, version=manifest.version),
        metadata={**pictures, **described},
    )


def partitions(node: Node) -> dg.PartitionsDefinition[str] | None:
    """Static partitions from the declared keys: git is the truth."""
    return None if node.partitions is None else dg.StaticPartitionsDefinition(list(node.partitions))


def dependency(edge: Edge, node: Node, upstream: Node) -> dg.AssetDep:
    """A Dagster dependency that maps partitions exactly as the edge says."""
    return dg.AssetDep(dg.AssetKey(edge.upstream.split("/")), partition_mapping=_mapping(edge, node, upstream))


def _mapping(edge: Edge, node: Node, upstream: Node) -> dg.PartitionMapping | None:
    if upstream.partitions is None:
        return None
    if node.partitions is None:
        read = edge.partitions[None]
        if set(read) == set(upstream.partitions):
            return dg.AllPartitionMapping()
        return dg.SpecificPartitionsPartitionMapping([key for key in read if key is not None])
    downstream: dict[str, set[str]] = {}
    for key, read in edge.partitions.items():
        for one in read:
            downstream.setdefault(str(one), set()).add(str(key))
    return dg.StaticPartitionMapping({key: sorted(keys) for key, keys in sorted(downstream.items())})
