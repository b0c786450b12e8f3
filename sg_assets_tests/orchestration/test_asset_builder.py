"""What a person may say of a run that asks a model."""

from dataclasses import replace
from pathlib import Path

import dagster as dg
import pytest

from sg_assets.generation.call_counts import Requests
from sg_assets.generation.generate import generate
from sg_assets.generation.rule_engine import RuleEngine
from sg_assets.orchestration.asset_builder import build_asset
from sg_assets.orchestration.asset_def import AssetDef
from sg_assets.orchestration.asset_defs import asset_defs_of
from sg_assets.orchestration.project import Project, load_project
from sg_assets.store.refs import Ref
from sg_assets.store.step import Workspace

pytestmark = pytest.mark.slow

ASSET = "templated/templates"
OP = "templated__templates"


@pytest.fixture
def project(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Project:
    monkeypatch.setenv("SG_PROFILE", "tiny")
    monkeypatch.setenv("SG_HOME", str(tmp_path))
    return load_project()


def requests(*texts: str) -> Requests:
    return Requests(RuleEngine("rule", lambda _: "yes"), [[{"role": "user", "content": text}] for text in texts])


def materialize(project: Project, calls_at_most: int | None) -> dg.ExecuteInProcessResult:
    """An asset that asks three things, and then makes what it makes anyway."""
    asset_def = asset_defs_of(project)[ASSET]

    def work(workspace: Workspace, context: dg.AssetExecutionContext) -> None:
        to = requests("a", "b", "c")
        generate(to.engine, project.settings.answers, to.chats, context.log.info, run_id=context.run.run_id)
        asset_def.work(workspace, context)

    asking: AssetDef = replace(asset_def, work=work, model_calls=lambda _: requests("a", "b", "c"))
    config = {} if calls_at_most is None else {"ops": {OP: {"config": {"calls_at_most": calls_at_most}}}}
    return dg.materialize([build_asset(project, ASSET, asking)], run_config=config, raise_on_error=False)


def failure(run: dg.ExecuteInProcessResult) -> str:
    [event] = [event for event in run.all_events if event.is_step_failure]
    assert event.step_failure_data.error is not None
    assert event.step_failure_data.error.cause is not None
    return event.step_failure_data.error.cause.message


def test_more_calls_than_are_allowed_stop_before_the_first(project: Project) -> None:
    run = materialize(project, 2)
    assert "3 requests have no stored answer, 2 are allowed" in failure(run)
    assert project.store.head(Ref.parse(ASSET)) is None
    assert not project.settings.answers.exists()


def test_as_many_calls_as_are_allowed_are_made(project: Project) -> None:
    assert materialize(project, 3).success


def test_kept_answers_are_not_counted(project: Project) -> None:
    to = requests("a", "b")
    generate(to.engine, project.settings.answers, to.chats, lambda _: None, run_id="before")
    assert materialize(project, 1).success


def test_nothing_said_is_no_limit(project: Project) -> None:
    assert materialize(project, None).success


def test_what_asks_a_model_takes_the_limit_and_says_so_in_the_launchpad(project: Project) -> None:
    for name, asset_def in asset_defs_of(project).items():
        schema = build_asset(project, name, asset_def).op.config_schema.config_type
        assert (asset_def.model_calls is not None) == ("calls_at_most" in getattr(schema, "fields", {})), name


def test_the_notes_of_a_definition_stand_on_its_versions(project: Project) -> None:
    asset_def = replace(asset_defs_of(project)[ASSET], notes={"not_reproducible": ["random draws by chance"]})
    assert dg.materialize([build_asset(project, ASSET, asset_def)]).success
    assert project.store.required_head(Ref.parse(ASSET)).not_reproducible == "random draws by chance"
