"""Which work may start without being asked for: none that waits for a pool, calls a paid endpoint, or releases."""

from collections.abc import Collection, Mapping

from sg_assets.declarations.asset_names import RELEASE
from sg_assets.orchestration.asset_def import AssetDef
from sg_assets.orchestration.asset_defs import asset_defs_of
from sg_assets.orchestration.project import Project
from sg_assets.orchestration.project_status import needs_of
from sg_assets.store.refs import Ref


def is_cheap(asset: str, asset_defs: Mapping[str, AssetDef], paid: Collection[str]) -> bool:
    """Whether the work of an asset may start by itself.

    Args:
        asset: The asset whose step it is.
        asset_defs: How assets are made.
        paid: Assets whose work calls a paid endpoint.
    """
    return asset != RELEASE and asset not in paid and asset_defs[asset].pool is None


def made_cheaply(project: Project, wanted: Collection[Ref]) -> list[Ref]:
    """Of partitions to be made again, those that need only cheap work, with what the same steps make; in order."""
    asset_defs = asset_defs_of(project)
    paid, graph = needs_of(project, asset_defs).paid, project.graph
    cheap: set[Ref] = set()
    waiting: set[Ref] = set()
    for ref in graph.refs:
        if ref not in wanted:
            continue
        first = graph.nodes[ref.asset].output_of or ref.asset
        if is_cheap(first, asset_defs, paid) and waiting.isdisjoint(graph.inputs(ref.asset, ref.partition)):
            cheap.update(Ref.of(asset, ref.partition) for asset in graph.step_outputs(ref.asset))
        else:
            waiting.add(ref)
    return [ref for ref in graph.refs if ref in cheap]
