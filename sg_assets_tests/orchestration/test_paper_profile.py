"""What the article's profile says where a machine cannot do it."""

from pathlib import Path

import dagster as dg
import pytest

from sg_assets.definitions import build_definitions
from sg_assets.orchestration.project import load_project

pytestmark = pytest.mark.slow


@pytest.fixture
def job(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dg.JobDefinition:
    monkeypatch.setenv("SG_PROFILE", "paper")
    monkeypatch.setenv("SG_HOME", str(tmp_path))
    return build_definitions(load_project()).resolve_implicit_global_asset_job_def()


@pytest.mark.parametrize(
    ("asset", "message"),
    [
        ("raw/forum_comments", "Set SG_RAW to a folder of comments"),
        ("raw/toxigen_prompts", "Set SG_TOXIGEN_DIR"),
        ("models/generator", "the generator gpt-4o-2024-08-06 cannot be used yet"),
        ("models/embedder", "the embedder text-embedding-3-large cannot be used yet"),
        ("judges/toxicity", "the judge govtech/lionguard-v1 cannot be used yet"),
    ],
)
def test_it_says_what_is_missing(job: dg.JobDefinition, asset: str, message: str) -> None:
    names = ["raw/forum_comments", "raw/rejected_comments"] if asset == "raw/forum_comments" else [asset]
    keys = [dg.AssetKey(name.split("/")) for name in names]
    run = job.execute_in_process(asset_selection=keys, raise_on_error=False)
    failures = [event.step_failure_data.error for event in run.all_events if event.is_step_failure]
    assert message in str(failures)
