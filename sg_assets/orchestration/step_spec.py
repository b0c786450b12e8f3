"""The step of an asset partition as the store runs it: its inputs, its recipe with the contract, and its outputs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from sg_assets.declarations.order_free import in_recorded_order
from sg_assets.orchestration.asset_def import AssetDef
from sg_assets.orchestration.checks.contracts import contract_of
from sg_assets.orchestration.project import Project
from sg_assets.store.refs import Ref
from sg_assets.store.step import Output, Recipe


@dataclass(frozen=True)
class StepSpec:
    """The arguments of `run_step` for one partition of an asset, except the work."""

    ref: Ref
    """The asset partition that the step is named for."""
    inputs: tuple[Ref, ...]
    recipe: Recipe
    """With the contract of the asset's table."""
    extra_outputs: tuple[Output, ...]
    """Partitions that the same work makes."""


def step_spec(project: Project, name: str, asset_def: AssetDef, partition: str | None) -> StepSpec:
    """The inputs, recipe and outputs of one partition of an asset."""
    ref = Ref.of(name, partition)
    recipe = asset_def.recipe(partition)
    parameters = in_recorded_order(name, recipe.parameters, partial(_recorded, project, ref))
    contract = contract_of(project, name, recipe.contract.key, partition)
    return StepSpec(
        ref,
        project.graph.inputs(name, partition),
        replace(recipe, parameters=parameters, contract=contract),
        tuple(
            Output(Ref.of(extra_name, partition), contract_of(project, extra_name, extra.key, partition))
            for extra_name, extra in asset_def.extra_outputs.items()
        ),
    )


def _recorded(project: Project, ref: Ref) -> Iterator[Mapping[str, Any]]:
    """The parameters of a partition's versions, the current one first."""
    head = project.store.head(ref)
    if head is not None:
        yield head.parameters
        yield from (version.parameters for version in reversed(project.store.versions(ref)))
