"""Changing one template asks the generator for that template's prompts and for no others."""

import shutil
from pathlib import Path

import dagster as dg
import polars as pl
import pytest

from sg_assets.definitions import build_definitions
from sg_assets.lineage.causes import Kind
from sg_assets.lineage.walk import explain
from sg_assets.orchestration.project import Project, load_project
from sg_assets.store.refs import Ref
from sg_assets_tests.e2e.conftest import Finished
from sg_assets_tests.paths import PROJECT

pytestmark = pytest.mark.e2e
REMADE = (
    "templated/templates", "demo/judge_texts", "judges/toxicity", "raw/sg_toxicity_prompts", "templated/prompts",
    "templated/splits", "synthesized/safe_responses", "synthesized/safe_prompt_rejections",
)  # fmt: skip
TEMPLATE = "reply_to"


@pytest.fixture
def project(finished: Finished, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """The finished run, with another wording of one template."""
    shutil.copytree(finished.home, tmp_path / "home")
    for part in ("models", "sql"):
        shutil.copytree(PROJECT / part, tmp_path / "project" / part)
    templates = tmp_path / "project" / "models" / "templates.yaml"
    text = templates.read_text()
    assert text.count("Reply to this comment: {text}") == 1
    templates.write_text(text.replace("Reply to this comment: {text}", "Answer this comment: {text}"))
    for name, value in {"SG_PROJECT": tmp_path / "project", "SG_HOME": tmp_path / "home", "SG_PROFILE": "tiny"}.items():
        monkeypatch.setenv(name, str(value))
    return load_project()


def test_only_the_changed_template_s_answers_are_generated_again_and_it_is_named_as_the_cause(
    project: Project, finished: Finished
) -> None:
    job = build_definitions(project).resolve_implicit_global_asset_job_def()
    with dg.DagsterInstance.ephemeral() as instance:
        job.execute_in_process(instance=instance, asset_selection=[dg.AssetKey(asset.split("/")) for asset in REMADE])
    prompts = pl.read_parquet(project.store.path(project.store.required_head(Ref.parse("templated/prompts"))))
    for name in ("safe_responses", "safe_prompt_rejections"):
        manifest = project.store.required_head(Ref.of(f"synthesized/{name}"))
        answered = pl.read_parquet(project.store.path(manifest)).join(prompts, on="prompt_id")
        changed = answered.filter(template_id=TEMPLATE).height
        assert 0 < changed < answered.height
        assert manifest.details["answers_generated"] == changed
        assert manifest.details["answers_from_cache"] == answered.height - changed
        before = finished.store.required_head(manifest.ref)
        causes = explain(project.store, before, manifest).causes
        assert [(cause.kind, cause.places, cause.name) for cause in causes] == [
            (Kind.TEMPLATE, ("templated/templates",), TEMPLATE)
        ]
