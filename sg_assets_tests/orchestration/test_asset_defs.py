"""How the assets of a project are made."""

from sg_assets.orchestration.asset_defs import asset_defs_of
from sg_assets.orchestration.project import Project


def test_every_asset_with_a_step_of_its_own_is_defined_and_no_other(tiny: Project) -> None:
    steps = {name for name, node in tiny.graph.nodes.items() if node.output_of is None}
    assert set(asset_defs_of(tiny)) == steps


def test_extra_outputs_are_those_of_the_graph(tiny: Project) -> None:
    written = {name: node.output_of for name, node in tiny.graph.nodes.items() if node.output_of is not None}
    declared = {extra: name for name, asset_def in asset_defs_of(tiny).items() for extra in asset_def.extra_outputs}
    assert declared == written


def test_every_asset_is_described(tiny: Project) -> None:
    assert [name for name, asset_def in asset_defs_of(tiny).items() if not asset_def.description] == []
