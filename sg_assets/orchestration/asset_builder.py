"""From a node of the graph and its definition to a Dagster asset with its checks."""

from collections.abc import Iterator, Mapping, Sequence

import dagster as dg
from pydantic import Field

from sg_assets.errors import SgAssetsError
from sg_assets.machine import this_machine
from sg_assets.orchestration.asset_def import AssetDef, Monitor
from sg_assets.orchestration.checks.contracts import check_results, check_specs, quarantine_metadata
from sg_assets.orchestration.metadata import column_metadata, describe
from sg_assets.orchestration.partitions import dependency, partitions
from sg_assets.orchestration.project import Project
from sg_assets.orchestration.score_metadata import quarantined_score
from sg_assets.orchestration.step_spec import step_spec
from sg_assets.orchestration.stored_outputs import stored_answers
from sg_assets.store.quarantine import QuarantinedError
from sg_assets.store.step import Outcome, Workspace, run_step

Results = Iterator[dg.AssetCheckResult | dg.MaterializeResult[None]]


class ModelCallConfig(dg.Config):
    """Run config of an asset whose work calls a model. No field of it changes a result."""

    calls_at_most: int | None = Field(
        default=None,
        ge=0,
        description="Fail before the first request if more requests than this have no stored answer. Empty: no limit.",
    )


def build_asset(project: Project, name: str, asset_def: AssetDef) -> dg.AssetsDefinition:
    """The asset of a graph node with its extra outputs: edges become dependencies, versions data versions."""
    node = project.graph.nodes[name]
    extra_descriptions = {extra_name: extra.description for extra_name, extra in asset_def.extra_outputs.items()}
    descriptions = {name: asset_def.description, **extra_descriptions}

    assets_definition = dg.multi_asset(
        name=name.replace("/", "__"),
        specs=[_spec(project, asset, asset_def, description) for asset, description in descriptions.items()],
        check_specs=[
            *(spec for asset in descriptions for spec in check_specs(project, asset, partitions(node))),
            *monitor_specs(name, asset_def.monitors, partitions(node)),
        ],
        partitions_def=partitions(node),
        pool=asset_def.pool,
    )

    def without_config(context: dg.AssetExecutionContext) -> Results:
        yield from _materialize(project, name, asset_def, context, None)

    def with_config(context: dg.AssetExecutionContext, config: ModelCallConfig) -> Results:
        yield from _materialize(project, name, asset_def, context, config.calls_at_most)

    return assets_definition(without_config if asset_def.model_calls is None else with_config)


def _materialize(
    project: Project, name: str, asset_def: AssetDef, context: dg.AssetExecutionContext, calls_at_most: int | None
) -> Results:
    partition = context.partition_key if project.graph.nodes[name].partitions is not None else None
    spec = step_spec(project, name, asset_def, partition)
    try:
        outcome = run_step(
            project.store,
            spec.ref,
            spec.inputs,
            spec.recipe,
            lambda workspace: _work(project, asset_def, workspace, context, calls_at_most),
            extra_outputs=spec.extra_outputs,
            run_id=context.run.run_id,
            log=context.log.info,
            mixed_ancestors=asset_def.mixed_ancestors,
        )
    except QuarantinedError as error:
        failed = quarantined_score(project, error)
        for candidate in error.candidates:
            shown = quarantine_metadata(error)
            yield from check_results(candidate.asset, candidate.audit, failed=failed, **shown)
        raise
    outcomes = (outcome, *outcome.extra_outputs)
    if any(published.moved_head for published in outcomes):
        project.catalogue.published()
    asset_def.after_publish(outcome.manifest)
    metadata = asset_def.metadata(outcome.manifest)
    for published in outcomes:
        yield _result(project, published, metadata if published is outcome else {})
    for monitor in asset_def.monitors:
        yield monitor.evaluate(outcome.manifest)


def _work(
    project: Project,
    asset_def: AssetDef,
    workspace: Workspace,
    context: dg.AssetExecutionContext,
    calls_at_most: int | None,
) -> None:
    if asset_def.model_calls is not None and calls_at_most is not None:
        from sg_assets.generation.call_counts import count_unanswered

        with stored_answers(project, context.log.info) as answers:
            calls = count_unanswered(asset_def.model_calls(workspace), answers)
        if calls > calls_at_most:
            raise SgAssetsError(
                f"{calls:,} requests have no stored answer, {calls_at_most:,} are allowed",
                where=str(workspace.ref),
                why="calls_at_most of the run's config",
                remedy="Allow more, or leave it out. `sg-assets plan` counts them in advance.",
            )
        context.log.info(f"{calls:,} requests have no stored answer, {calls_at_most:,} are allowed.")
    run_work(asset_def, workspace, context)


def run_work(asset_def: AssetDef, workspace: Workspace, context: dg.AssetExecutionContext) -> None:
    """Run the work, and record the definition's notes, and the machine where the definition says so."""
    asset_def.work(workspace, context)
    workspace.details.update(asset_def.notes)
    if asset_def.records_machine:
        workspace.ran_on([this_machine()])


def _spec(project: Project, name: str, asset_def: AssetDef, description: str) -> dg.AssetSpec:
    node, columns = project.graph.nodes[name], project.tables.get(name, ())
    owner = project.declared.alerts.owner_of(name)
    return dg.AssetSpec(
        dg.AssetKey(name.split("/")),
        deps=[
            *(dependency(edge, node, project.graph.nodes[edge.upstream]) for edge in node.edges),
            *(dg.AssetKey(source.split("/")) for source in asset_def.external_sources),
        ],
        group_name=name.split("/", maxsplit=1)[0],
        description=description,
        kinds=set(asset_def.kinds),
        owners=[] if owner is None else [owner if "@" in owner else f"team:{owner}"],
        metadata=column_metadata(columns) if columns else {},
    )


def monitor_specs(
    name: str, monitors: Sequence[Monitor], partitions_def: dg.PartitionsDefinition[str] | None
) -> list[dg.AssetCheckSpec]:
    """The Dagster checks of an asset's monitors."""
    return [
        dg.AssetCheckSpec(
            monitor.name,
            asset=dg.AssetKey(name.split("/")),
            description=monitor.description,
            blocking=False,
            partitions_def=partitions_def,
        )
        for monitor in monitors
    ]


def _result(project: Project, outcome: Outcome, metadata: Mapping[str, dg.MetadataValue]) -> dg.MaterializeResult[None]:
    manifest = outcome.manifest
    described = describe(outcome, project.store, project.tables.get(manifest.asset, ()))
    return dg.MaterializeResult(
        asset_key=dg.AssetKey(manifest.asset.split("/")),
        data_version=dg.DataVersion(manifest.fingerprint),
        check_results=check_results(manifest.asset, manifest.audit, version=manifest.version),
        metadata={**metadata, **described},
    )
