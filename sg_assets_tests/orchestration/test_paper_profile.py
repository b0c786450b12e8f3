"""What the article's profile says where a machine cannot do it."""

import json
from pathlib import Path

import dagster as dg
import pytest
from rich.console import Console

from sg_assets.definitions import build_definitions
from sg_assets.orchestration.asset_defs import asset_defs_of
from sg_assets.orchestration.project import load_project
from sg_assets.orchestration.project_status import project_plan, project_survey
from sg_assets.status.render import terminal
from sg_assets.status.render.document import plan_json
from sg_assets.status.render.markdown import markdown
from sg_assets.status.render.page import page
from sg_assets.status.render.text import cost
from sg_assets.status.summary import summary

pytestmark = pytest.mark.slow


@pytest.fixture
def job(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dg.JobDefinition:
    monkeypatch.setenv("SG_PROFILE", "paper")
    monkeypatch.setenv("SG_HOME", str(tmp_path))
    return build_definitions(load_project()).resolve_implicit_global_asset_job_def()


def test_a_plan_says_first_what_the_steps_would_fail_with(job: dg.JobDefinition) -> None:
    """What a plan says and what a step ends in are the same, for every asset that the plan names."""
    project = load_project()
    asset_defs = asset_defs_of(project)
    named = {name: str(asset_def.obstacle(None)) for name, asset_def in asset_defs.items() if asset_def.obstacle(None)}
    assert {"raw/forum_comments", "raw/toxigen_prompts", "models/generator", "models/embedder"} <= named.keys()
    for asset, message in named.items():
        names = [asset, "raw/rejected_comments"] if asset == "raw/forum_comments" else [asset]
        keys = [dg.AssetKey(name.split("/")) for name in names]
        run = job.execute_in_process(asset_selection=keys, raise_on_error=False)
        failures = [event.step_failure_data.error for event in run.all_events if event.is_step_failure]
        assert message in str(failures)


def test_a_plan_of_what_cannot_run_has_no_zeros(
    job: dg.JobDefinition, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    monkeypatch.delenv("HF_TOKEN", raising=False)
    project = load_project()
    asset_defs = asset_defs_of(project)
    plan = project_plan(project, asset_defs, project_survey(project, asset_defs), [])
    assert len(plan.held_back) > 200
    problems = {obstacle.problem: refs for obstacle, refs in plan.obstacles.items()}
    [gpu] = [refs for problem, refs in problems.items() if problem.startswith("device cuda is declared")]
    assert {"adapters/sft", "synthesized/base_responses", "responses/sg_safety"} <= {ref.asset for ref in gpu}
    assert [obstacle.certain for obstacle in plan.obstacles][-1] is False
    assert (plan.cost.rows, plan.cost.calls) == (None, None)
    text = cost(plan.cost)
    assert "at least 412,000 model calls" in text
    assert "GPU pool ?" in text
    console = Console(width=200, record=True)
    console.print(terminal.plan(plan))
    assert console.export_text().startswith("Cannot run here: ")
    document = json.loads(plan_json(plan))
    assert [*document][:2] == ["obstacles", "held_back"]
    shown = summary([], [])
    for view in (markdown(shown, plan), page(shown, plan, "Status")):
        assert view.index("Set SG_RAW to a folder of comments") < view.index("model calls")


@pytest.mark.parametrize(
    ("asset", "message"),
    [
        ("raw/forum_comments", "Set SG_RAW to a folder of comments"),
        ("raw/toxigen_prompts", "Set SG_TOXIGEN_DIR"),
        ("models/generator", "the generator gpt-4o-2024-08-06 cannot be used yet"),
        ("models/embedder", "the embedder text-embedding-3-large cannot be used yet"),
    ],
)
def test_it_says_what_is_missing(job: dg.JobDefinition, asset: str, message: str) -> None:
    names = ["raw/forum_comments", "raw/rejected_comments"] if asset == "raw/forum_comments" else [asset]
    keys = [dg.AssetKey(name.split("/")) for name in names]
    run = job.execute_in_process(asset_selection=keys, raise_on_error=False)
    failures = [event.step_failure_data.error for event in run.all_events if event.is_step_failure]
    assert message in str(failures)
