"""From a node of the graph and a way to make it, to a Dagster asset."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import dagster as dg

from sg_assets.assets.contracts import check_results, check_specs, contract_of, held_back
from sg_assets.assets.metadata import columns_known, describe
from sg_assets.assets.project import Project
from sg_assets.declarations.graph import Edge, Node
from sg_assets.store.catalogue import rebuild
from sg_assets.store.manifests import Manifest
from sg_assets.store.quarantine import QuarantinedError
from sg_assets.store.refs import Ref
from sg_assets.store.step import Recipe, Workspace, run_step

Run = Callable[[Workspace, dg.AssetExecutionContext], None]
Picture = Callable[[Manifest], Mapping[str, dg.MetadataValue]]


def _no_pictures(_: Manifest) -> Mapping[str, dg.MetadataValue]:
    return {}


@dataclass(frozen=True)
class Making:
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


def build_asset(project: Project, name: str, making: Making) -> dg.AssetsDefinition:
    """The asset of a graph node: its edges become dependencies, its versions data versions."""
    node = project.graph.nodes[name]
    columns = project.tables.get(name, ())

    @dg.asset(
        key=dg.AssetKey(name.split("/")),
        deps=[dependency(edge, node, project.graph.nodes[edge.upstream]) for edge in node.edges],
        partitions_def=partitions(node),
        group_name=name.split("/", maxsplit=1)[0],
        description=making.description,
        kinds=set(making.kinds),
        pool=making.pool,
        metadata=columns_known(columns) if columns else None,
        check_specs=check_specs(project, name, partitions(node)),
    )
    def asset(context: dg.AssetExecutionContext) -> Iterator[dg.AssetCheckResult | dg.MaterializeResult[None]]:
        partition = context.partition_key if node.space is not None else None
        try:
            outcome = run_step(
                project.store,
                Ref.of(name, partition),
                project.graph.inputs(name, partition),
                held_to_contract(project, name, making.recipe(partition)),
                lambda workspace: making.run(workspace, context),
                run_id=context.run.run_id,
                log=context.log.info,
                mixed_ancestors=making.mixed_ancestors,
            )
        except QuarantinedError as error:
            yield from check_results(name, error.audit, **held_back(error))
            raise
        if outcome.moved_head:
            rebuild(project.store)
        yield dg.MaterializeResult(
            data_version=dg.DataVersion(outcome.manifest.fingerprint),
            check_results=check_results(name, outcome.manifest.audit, version=outcome.manifest.version),
            metadata={**making.pictures(outcome.manifest), **describe(outcome, project.store, columns)},
        )

    return asset


def held_to_contract(project: Project, asset: str, recipe: Recipe) -> Recipe:
    """A recipe with all that its table must hold."""
    return replace(recipe, contract=contract_of(project, asset, recipe.contract.key))


def partitions(node: Node) -> dg.PartitionsDefinition[str] | None:
    """Static partitions from the declared keys: git is the truth."""
    return None if node.space is None else dg.StaticPartitionsDefinition(list(node.space))


def dependency(edge: Edge, node: Node, upstream: Node) -> dg.AssetDep:
    """A Dagster dependency that maps partitions exactly as the edge says."""
    return dg.AssetDep(dg.AssetKey(edge.upstream.split("/")), partition_mapping=_mapping(edge, node, upstream))


def _mapping(edge: Edge, node: Node, upstream: Node) -> dg.PartitionMapping | None:
    if upstream.space is None:
        return None
    if node.space is None:
        read = edge.parts[None]
        if set(read) == set(upstream.space):
            return dg.AllPartitionMapping()
        return dg.SpecificPartitionsPartitionMapping([key for key in read if key is not None])
    downstream: dict[str, set[str]] = {}
    for key, read in edge.parts.items():
        for one in read:
            downstream.setdefault(str(one), set()).add(str(key))
    return dg.StaticPartitionMapping({key: sorted(keys) for key, keys in sorted(downstream.items())})
