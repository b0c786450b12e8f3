"""A partition's step: inputs by the graph, outputs with their own contracts."""

from pathlib import Path

import pytest

from sg_assets.orchestration.asset_defs import asset_defs_of
from sg_assets.orchestration.project import Project, load_project
from sg_assets.orchestration.step_spec import StepSpec, step_spec
from sg_assets.store.refs import Ref


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.setenv("SG_HOME", str(tmp_path))
    monkeypatch.setenv("SG_PROFILE", "tiny")
    return load_project()


def spec(project: Project, asset: str, partition: str | None) -> StepSpec:
    return step_spec(project, asset, asset_defs_of(project)[asset], partition)


def test_inputs_are_those_of_the_partition_in_the_graph(project: Project) -> None:
    scores = spec(project, "scores/sg_safety", "base")
    assert scores.ref == Ref.parse("scores/sg_safety[base]")
    assert scores.inputs == project.graph.inputs("scores/sg_safety", "base")


def test_an_extra_output_has_the_partition_and_a_contract_of_its_own(project: Project) -> None:
    scores = spec(project, "scores/sg_safety", "base")
    [items] = scores.extra_outputs
    assert items.ref == Ref.parse("scores/sg_safety_items[base]")
    columns = [column.name for column in items.contract.columns or ()]
    assert columns == [column.name for column in project.tables["scores/sg_safety_items"]]
    assert scores.recipe.contract.columns != items.contract.columns


def test_most_steps_have_one_output(project: Project) -> None:
    assert spec(project, "templated/templates", None).extra_outputs == ()
