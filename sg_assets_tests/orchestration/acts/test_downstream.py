"""What was built from different content, named for the command line and for the UI."""

import pytest

from sg_assets.orchestration.acts.downstream import backfill_command, names_of, outdated_downstream, ui_selection
from sg_assets.orchestration.project import Project
from sg_assets.store.refs import Ref
from sg_assets_tests.store.steps import ROWS, recipe, step, writing

TEMPLATES = Ref.parse("templated/templates")
PROMPTS = Ref.parse("templated/prompts")


@pytest.fixture
def reader(project: Project) -> str:
    """An asset without partitions that reads the prompts, and is published like them."""
    graph = project.graph
    name = next(ref.asset for ref in graph.refs if ref.partition is None and PROMPTS in graph.inputs(ref.asset, None))
    step(project.store, str(TEMPLATES), writing(ROWS), run_id="1")
    step(project.store, str(PROMPTS), writing(ROWS), [str(TEMPLATES)], run_id="2")
    step(project.store, name, writing(ROWS), [str(PROMPTS)], run_id="3")
    return name


def test_another_content_puts_out_of_date_what_read_it_and_all_below(project: Project, reader: str) -> None:
    step(project.store, str(TEMPLATES), writing(ROWS.head(1)), made_by=recipe(seed=1), run_id="4")
    outdated = outdated_downstream(project.store, project.graph, [TEMPLATES])
    assert list(map(str, outdated)) == [str(PROMPTS), reader]


def test_another_version_of_the_same_content_puts_nothing_out_of_date(project: Project, reader: str) -> None:
    step(project.store, str(TEMPLATES), writing(ROWS), made_by=recipe(seed=1), run_id="4")
    assert outdated_downstream(project.store, project.graph, [TEMPLATES]) == []


def test_an_asset_is_named_where_all_its_partitions_are_meant(project: Project) -> None:
    scores = [ref for ref in project.graph.refs if ref.asset == "scores/toxigen"]
    assert names_of(project.graph, scores) == ["scores/toxigen"]
    assert names_of(project.graph, scores[:1]) == [str(scores[0])]


def test_names_are_quoted_for_a_shell_and_selected_in_the_ui() -> None:
    assert backfill_command(["a/b", "c/d[e]"]) == "sg-assets backfill a/b 'c/d[e]'"
    assert ui_selection([Ref.parse("c/d[e]"), Ref.parse("c/d[f]"), PROMPTS]) == 'key:"c/d" or key:"templated/prompts"'
