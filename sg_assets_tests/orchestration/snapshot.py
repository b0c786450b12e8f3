"""The whole asset graph as text, so that what a changed declaration moves is a diff that someone reviews.

``python -m sg_assets_tests.orchestration.snapshot`` writes it anew.
"""

import os
from pathlib import Path
from typing import Any

import dagster as dg
import yaml

from sg_assets.definitions import build_definitions
from sg_assets.orchestration.project import Project, load_project

GOLDEN = Path(__file__).parent / "goldens" / "graph.yaml"


def snapshot(project: Project) -> str:
    """Every asset with its group, kinds, pool, partitions, dependencies by partition, checks and automation."""
    definitions = build_definitions(project)
    graph = definitions.resolve_asset_graph()
    pools = _pools(definitions)
    assets = {key.to_user_string(): _asset(project, graph.get(key), pools) for key in graph.get_all_asset_keys()}
    repository = definitions.get_repository_def()
    jobs = {
        job.name: sorted(key.to_user_string() for key in job.asset_layer.executable_asset_keys)
        for job in repository.get_all_jobs()
        if not job.name.startswith("__")
    }
    described = {
        "assets": dict(sorted(assets.items())),
        "jobs": jobs,
        "sensors": sorted(sensor.name for sensor in repository.sensor_defs),
    }
    return yaml.safe_dump(described, default_flow_style=None, sort_keys=False, width=120)


def _asset(project: Project, node: Any, pools: dict[str, str]) -> dict[str, Any]:
    name = node.key.to_user_string()
    declared = project.graph.nodes.get(name)
    edges = declared.edges if declared is not None else ()
    reads = {edge.upstream: _parts(edge.partitions) for edge in edges}
    described = {
        "group": node.group_name,
        "kinds": sorted(node.kinds),
        "owners": sorted(node.owners),
        "work": node.tags.get("work"),
        "pool": pools.get(name),
        "partitions": node.partitions_def and list(node.partitions_def.get_partition_keys()),
        "deps": sorted(key.to_user_string() for key in node.parent_keys),
        "reads": {upstream: parts for upstream, parts in reads.items() if parts != "each its own"},
        "checks": sorted(key.name for key in node.check_keys),
        "automation": node.automation_condition is not None,
    }
    return {name: value for name, value in described.items() if value not in (None, [], {}, False)}


def _parts(parts: Any) -> Any:
    """Upstream partitions by partition, where an edge is not plain."""
    if all(read in ((key,), (None,)) for key, read in parts.items()):
        return "each its own"
    return {str(key): [str(upstream_key) for upstream_key in read] for key, read in parts.items()}


def _pools(definitions: dg.Definitions) -> dict[str, str]:
    assets = [asset for asset in definitions.assets or [] if isinstance(asset, dg.AssetsDefinition)]
    return {key.to_user_string(): asset.op.pool for asset in assets for key in asset.keys if asset.op.pool}


if __name__ == "__main__":
    os.environ["SG_PROFILE"] = "demo"
    GOLDEN.write_text(snapshot(load_project()), encoding="utf-8")
