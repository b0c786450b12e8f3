"""A partition's step: inputs by the graph, outputs with their own contracts."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sg_assets.orchestration.asset_defs import asset_defs_of
from sg_assets.orchestration.project import Project, load_project
from sg_assets.orchestration.step_spec import StepSpec, step_spec
from sg_assets.store.refs import Ref
from sg_assets.store.step import is_current, run_step


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


DECLARED_ROWS = {
    "templates": "templated/templates",
    "few_shots": "synthesized/few_shots",
    "lexicon": "synthesized/lexicon",
}


def publish(project: Project, asset: str) -> None:
    made = spec(project, asset, None)
    work = asset_defs_of(project)[asset].work
    run_step(
        project.store, made.ref, [], made.recipe, lambda workspace: work(workspace, None),  # type: ignore[arg-type]
        run_id="r", log=lambda _: None,
    )  # fmt: skip


def reordered(project: Project, name: str, entries: Sequence[Any]) -> Project:
    changes: dict[str, Any] = {name: tuple(entries)}
    return replace(project, declared=replace(project.declared, **changes))


@pytest.mark.slow
@pytest.mark.parametrize(("name", "asset"), DECLARED_ROWS.items())
def test_another_order_of_declared_rows_makes_nothing_out_of_date(project: Project, name: str, asset: str) -> None:
    publish(project, asset)
    declared = getattr(project.declared, name)
    for entries in (declared[::-1], (*declared[2:], *declared[:2]), sorted(declared, key=str)):
        again = spec(reordered(project, name, entries), asset, None)
        assert is_current(project.store, again.ref, [], again.recipe)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "asset"), DECLARED_ROWS.items())
def test_other_rows_are_another_recipe_in_any_order(project: Project, name: str, asset: str) -> None:
    publish(project, asset)
    declared = getattr(project.declared, name)
    for entries in (declared[1:], declared[::-1][1:], (*declared, declared[0])):
        again = spec(reordered(project, name, entries), asset, None)
        assert not is_current(project.store, again.ref, [], again.recipe)
