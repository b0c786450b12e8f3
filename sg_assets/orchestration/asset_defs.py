"""How every step of a project is made: the asset definitions of all kinds together."""

from sg_assets.orchestration.asset_def import AssetDef
from sg_assets.orchestration.assets.adapters import adapter_assets
from sg_assets.orchestration.assets.benchmarks import benchmark_assets
from sg_assets.orchestration.assets.datasets import dataset_assets
from sg_assets.orchestration.assets.divergence import divergence_assets
from sg_assets.orchestration.assets.imported_adapters import imported_adapter_assets
from sg_assets.orchestration.assets.judges import judge_assets
from sg_assets.orchestration.assets.labelled import labelled_assets
from sg_assets.orchestration.assets.leaderboard import leaderboard_assets
from sg_assets.orchestration.assets.model_cards import model_card_assets
from sg_assets.orchestration.assets.models import model_assets
from sg_assets.orchestration.assets.objectives import objective_assets
from sg_assets.orchestration.assets.people_labels import label_assets
from sg_assets.orchestration.assets.releases import release_assets
from sg_assets.orchestration.assets.reports import report_assets
from sg_assets.orchestration.assets.sources import source_assets
from sg_assets.orchestration.assets.sql import sql_assets
from sg_assets.orchestration.assets.synthesized import synthesized_assets
from sg_assets.orchestration.project import Project


def asset_defs_of(project: Project) -> dict[str, AssetDef]:
    """How each step of a project's graph is made, by the asset it is named for."""
    asset_defs = {
        **source_assets(project),
        **dataset_assets(project),
        **labelled_assets(project),
        **model_assets(project),
        **judge_assets(project),
        **sql_assets(project),
        **synthesized_assets(project),
        **adapter_assets(project),
        **imported_adapter_assets(project),
        **benchmark_assets(project),
        **divergence_assets(project),
        **objective_assets(project),
        **label_assets(project),
        **leaderboard_assets(project),
        **report_assets(project),
        **model_card_assets(project),
        **release_assets(project),
    }
    steps = [node.asset for node in project.graph.nodes.values() if node.output_of is None]
    return {name: asset_defs[name] for name in steps}
