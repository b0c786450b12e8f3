"""What Dagster may start by itself: cheap work whose inputs changed, and variants whose file asks for it.

Both sensors are off until someone switches them on in the UI. Nothing here starts training or generation but for a
variant with ``auto: on_missing``, and nothing starts it twice: what failed waits for a person.
"""

import warnings
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import dagster as dg

from sg_assets.declarations.asset_names import RELEASE
from sg_assets.declarations.kinds.registry import kind_of
from sg_assets.declarations.kinds.training import TRAINING_TABLE
from sg_assets.orchestration.asset_def import AssetDef
from sg_assets.orchestration.project import Project
from sg_assets.status.selection import of_variant
from sg_assets.store.refs import Ref

# In beta since 1.9: what lets conditions of our own be evaluated.
warnings.filterwarnings("ignore", message=r".*`use_user_code_server` of initializer", category=dg.BetaWarning)

_AC = dg.AutomationCondition
Condition: TypeAlias = dg.AutomationCondition[Any]


@dataclass(frozen=True)
class OfPartitions(dg.AutomationCondition[dg.AssetKey]):
    """True for certain partitions of an asset, whatever happens."""

    keys: frozenset[str]

    @property
    def name(self) -> str:
        """The partitions, as the UI shows the condition."""
        return f"one of {', '.join(sorted(self.keys))}"

    @property
    def requires_cursor(self) -> bool:
        """It remembers nothing."""
        return False

    def evaluate(self, context: dg.AutomationContext[dg.AssetKey]) -> dg.AutomationResult[dg.AssetKey]:
        """The partitions among the candidates."""
        if context.partitions_def is None:
            raise AssertionError(f"{context.key} has no partitions")
        view = context.asset_graph_view
        found = view.get_subset_from_partition_keys(context.key, context.partitions_def, set(self.keys))
        return dg.AutomationResult(context, context.candidate_subset.compute_intersection(found))


def conditions(project: Project, asset_defs: Mapping[str, AssetDef], paid: Collection[str]) -> dict[str, Condition]:
    """The condition of each asset that has one.

    Args:
        project: Its variants may ask for automation.
        asset_defs: How assets are made; what waits for a pool is not cheap.
        paid: Assets whose work asks an endpoint.
    """
    asked = _asked_for(project)
    found: dict[str, Condition] = {}
    for name, node in project.graph.nodes.items():
        first = node.output_of or name
        cheap = asset_defs[first].pool is None and first not in paid and first != RELEASE
        parts = [*([_changed()] if cheap else []), *([_missing(asked[first])] if first in asked else [])]
        if parts:
            found[name] = parts[0] if len(parts) == 1 else parts[0] | parts[1]
    return found


def sensors(
    asset_defs: Mapping[str, AssetDef], found: Mapping[str, Condition], together: Mapping[str, str]
) -> list[dg.AutomationConditionSensorDefinition]:
    """The sensors that look at conditions, both off.

    Args:
        asset_defs: What waits for a pool is looked at by a sensor of its own.
        found: Conditions by asset.
        together: The asset whose work makes each further one.
    """
    pooled = {name for name in found if asset_defs[together.get(name, name)].pool is not None}
    described = {
        "cheap_work": (
            found.keys() - pooled,
            "Makes what needs no GPU and no money as soon as what it reads has other content, or its SQL changed.",
        ),
        "new_variants": (
            pooled,
            "Trains and evaluates variants whose file says `auto: on_missing`, once; needs `cheap_work` to be on, too.",
        ),
    }
    return [
        dg.AutomationConditionSensorDefinition(
            name,
            target=dg.AssetSelection.assets(*(dg.AssetKey(one.split("/")) for one in sorted(targets))),
            description=description,
            use_user_code_server=True,  # one of the conditions is our own
        )
        for name, (targets, description) in described.items()
        if targets
    ]


def _changed() -> Condition:
    """Something it reads has other content than before, or its code is another. Equal contents start nothing.

    Checks are not asked: what failed a blocking one was never published, and what is published stays right.
    """
    moved: Condition = _AC.newly_missing() | _AC.any_deps_match(_AC.data_version_changed()) | _AC.code_version_changed()
    return moved.since_last_handled() & _possible()


def _missing(keys: frozenset[str] | None) -> Condition:
    missing = _AC.missing() & ~_AC.execution_failed() & _possible()
    return missing if keys is None else OfPartitions(keys) & missing


def _possible() -> Condition:
    return ~_AC.any_deps_missing() & ~_AC.any_deps_in_progress() & ~_AC.in_progress()


def _asked_for(project: Project) -> dict[str, frozenset[str] | None]:
    """By asset, the partitions that variants with ``auto: on_missing`` need: their own, and their mixes."""
    graph, wanted = project.graph, list[Ref]()
    for name, variant in project.declared.variants.items():
        if variant.auto == "on_missing":
            own = of_variant(graph, name)
            read = [one for ref in own for one in graph.inputs(ref.asset, ref.partition)]
            wanted += [*own, *(one for one in read if kind_of(one.asset) is TRAINING_TABLE)]
    inputs = [read for ref in wanted for read in graph.inputs(ref.asset, ref.partition)]
    wanted += [read for read in inputs if kind_of(read.asset) is TRAINING_TABLE]
    keys: dict[str, set[str]] = {}
    for ref in wanted:
        keys.setdefault(ref.asset, set()).update([ref.partition] if ref.partition else [])
    return {asset: frozenset(found) for asset, found in keys.items() if found}
