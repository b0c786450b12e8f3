"""Automation conditions: Dagster may start cheap work whose inputs changed, and variants whose file asks for it.

The sensors that evaluate them are off until someone switches them on in the UI. No condition starts training or
generation but for a variant with ``auto: on_missing``, and nothing starts it twice: what failed waits for a person.
"""

import warnings
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import dagster as dg

from sg_assets.declarations.graph import Graph
from sg_assets.declarations.kinds.registry import kind_of
from sg_assets.declarations.kinds.training import TRAINING_TABLE
from sg_assets.orchestration.asset_def import AssetDef
from sg_assets.orchestration.cheap_work import is_cheap
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
        subset = view.get_subset_from_partition_keys(context.key, context.partitions_def, set(self.keys))
        return dg.AutomationResult(context, context.candidate_subset.compute_intersection(subset))


def conditions(project: Project, asset_defs: Mapping[str, AssetDef], paid: Collection[str]) -> dict[str, Condition]:
    """The condition of each asset that has one.

    Args:
        project: Its variants may ask for automation.
        asset_defs: How assets are made; what waits for a pool is not cheap.
        paid: Assets whose work calls a paid endpoint.
    """
    wanted = _wanted_by_variants(project)
    conditions_by_asset: dict[str, Condition] = {}
    for name, node in project.graph.nodes.items():
        first = node.output_of or name
        cheap = is_cheap(first, asset_defs, paid)
        parts = [*([_changed()] if cheap else []), *([_missing(wanted[first])] if first in wanted else [])]
        if parts:
            conditions_by_asset[name] = parts[0] if len(parts) == 1 else parts[0] | parts[1]
    return conditions_by_asset


def _changed() -> Condition:
    """An input has other content than before, or the code changed. Equal contents start nothing.

    Checks are not considered: a version that failed a blocking check was never published.
    """
    moved: Condition = _AC.newly_missing() | _AC.any_deps_match(_AC.data_version_changed()) | _AC.code_version_changed()
    return moved.since_last_handled() & _possible()


def _missing(keys: frozenset[str]) -> Condition:
    missing = _AC.missing() & ~_AC.execution_failed() & _possible()
    return OfPartitions(keys) & missing


def _possible() -> Condition:
    return ~_AC.any_deps_missing() & ~_AC.any_deps_in_progress() & ~_AC.in_progress()


def _wanted_by_variants(project: Project) -> dict[str, frozenset[str]]:
    """By asset, the partitions that variants with ``auto: on_missing`` need: their own, and their mixes."""
    graph, wanted = project.graph, list[Ref]()
    for name, variant in project.declared.variants.items():
        if variant.auto == "on_missing":
            own = of_variant(graph, name)
            wanted += [*own, *(ref for downstream in own for ref in _mixes_read_by(graph, downstream))]
    wanted += [ref for downstream in wanted for ref in _mixes_read_by(graph, downstream)]
    keys: dict[str, set[str]] = {}
    for ref in wanted:
        keys.setdefault(ref.asset, set()).update([ref.partition] if ref.partition else [])
    return {asset: frozenset(partition_keys) for asset, partition_keys in keys.items() if partition_keys}


def _mixes_read_by(graph: Graph, ref: Ref) -> list[Ref]:
    return [
        upstream for upstream in graph.inputs(ref.asset, ref.partition) if kind_of(upstream.asset) is TRAINING_TABLE
    ]
