"""Jobs for common work, a job per set of partitions, so that a person picks a partition key once."""

from collections.abc import Iterable

import dagster as dg

from sg_assets.declarations.asset_names import CHAT_MODEL, MODEL_CARD, RELEASE
from sg_assets.declarations.graph import Node
from sg_assets.declarations.kinds.registry import kind_of
from sg_assets.declarations.kinds.training import ADAPTER, IMPORTED_ADAPTER
from sg_assets.orchestration.dagster_internals import UnresolvedAssetJobDefinition
from sg_assets.orchestration.project import Project
from sg_assets.orchestration.project_status import STATUS


def partition_jobs(project: Project) -> list[UnresolvedAssetJobDefinition]:
    """The jobs of a project."""
    nodes = project.graph.nodes.values()
    jobs = [
        _job("build_data",
             [node for node in nodes if node.partitions is None and kind_of(node.asset).stage != "report"],
             "Comments, prompts, splits, judges, generated answers: every asset without partitions, except reports."),
        _job("train_chat_models", [project.graph.nodes[CHAT_MODEL]], "One chat model, trained here or of the hub."),
        *(_train_job(ADAPTER.table_of(node.asset), node) for node in nodes if kind_of(node.asset) is ADAPTER),
        *(_job("import_adapters", [node], "One adapter that was trained elsewhere, by variant.")
          for node in nodes if kind_of(node.asset) is IMPORTED_ADAPTER),
        _job("evaluate", [node for node in nodes if kind_of(node.asset).stage == "evaluation"],
             "Answers, judgements and all scores of one variant."),
    ]  # fmt: skip
    return [*jobs, _report(nodes)]


def _train_job(method: str, adapters: Node) -> UnresolvedAssetJobDefinition:
    return _job(f"train_{method}", [adapters], f"One {method.upper()} adapter, by variant.")


def _job(name: str, nodes: Iterable[Node], description: str) -> UnresolvedAssetJobDefinition:
    return dg.define_asset_job(name, _selection(node.asset for node in nodes), description=description)


def _report(nodes: Iterable[Node]) -> UnresolvedAssetJobDefinition:
    apart = (MODEL_CARD, RELEASE)
    reports = [node.asset for node in nodes if kind_of(node.asset).stage == "report" and node.asset not in apart]
    return dg.define_asset_job(
        "report",
        _selection([*reports, STATUS]),
        description="The results of all variants, and the partitions that are not up to date.",
    )


def _selection(assets: Iterable[str]) -> dg.AssetSelection:
    return dg.AssetSelection.assets(*(dg.AssetKey(asset.split("/")) for asset in assets))
