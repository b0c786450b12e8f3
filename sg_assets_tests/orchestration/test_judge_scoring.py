"""Judges of other kinds than ours, through Dagster: folders are pinned, and a job scores."""

import shutil
from pathlib import Path

import dagster as dg
import polars as pl
import pytest
import yaml

from sg_assets.definitions import build_definitions
from sg_assets.orchestration.asset_defs import asset_defs_of
from sg_assets.orchestration.pipes import GPU_POOL
from sg_assets.orchestration.project import Project, load_project
from sg_assets.store.refs import Ref
from sg_assets_tests.judging.tiny_encoders import write_roberta_classifier
from sg_assets_tests.paths import PROJECT

pytestmark = pytest.mark.slow
CUTS = {"thresholds": {"own": 0.5}, "threshold": "own"}
JUDGES = {
    "toxicity": {
        "kind": "sequence_classification", "model": {"path": "roberta"}, "score_of": ["REJECTION"], "max_length": 62,
        "batch_size": 64, "threads": 1, "filter": {"patterns": {"first_half": "(?i)^[a-m]"}}, **CUTS,
    },
    "rejection": {"kind": "embedding_head", "fit": {"texts": "raw/toxigen_sentences"}, **CUTS},
}  # fmt: skip


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    for part in ("models", "sql"):
        shutil.copytree(PROJECT / part, tmp_path / "project" / part)
    path = tmp_path / "project" / "models" / "profiles" / "tiny.yaml"
    profile = yaml.safe_load(path.read_text()) | {"judges": JUDGES}
    profile["labelling"] |= {"min_texts": 1, "safe_at_most": 0.999999}
    profile["labelling"]["unsafe_at_least"] = 1
    path.write_text(yaml.safe_dump(profile))
    write_roberta_classifier(tmp_path / "weights" / "roberta")
    environment = {"SG_PROJECT": tmp_path / "project", "SG_HOME": tmp_path / "home", "SG_PROFILE": "tiny",
                   "SG_WEIGHTS": tmp_path / "weights"}  # fmt: skip
    for name, value in environment.items():
        monkeypatch.setenv(name, str(value))
    return load_project()


def test_steps_of_judges_with_torch_wait_for_the_gpu_and_others_do_not(project: Project) -> None:
    pools = {name: known.pool for name, known in asset_defs_of(project).items()}
    assert (pools["judgements/sg_safety"], pools["raw/sg_toxicity_prompts"]) == (GPU_POOL, GPU_POOL)
    assert (pools["judgements/toxigen"], pools["judges/rejection"]) == (None, None)


def test_another_filter_or_threshold_scores_nothing_again(project: Project) -> None:
    recipe = asset_defs_of(project)["judges/toxicity"].recipe(None)
    assert not {"thresholds", "threshold", "filter"} & recipe.parameters.keys()
    judgements = asset_defs_of(project)["judgements/sg_safety"].recipe("base")
    assert judgements.parameters["filters"] == {"toxicity": {"patterns": {"first_half": "(?i)^[a-m]"}, "score": 1.0}}
    assert judgements.parameters["thresholds"]["is_toxic"] == 0.5


def test_comments_are_labelled_by_a_classifier_in_a_job_of_its_own(project: Project) -> None:
    made = ("templated/templates", "synthesized/few_shots", "demo/corpus", "demo/judge_texts", "models/embedder",
            "raw/forum_comments", "raw/rejected_comments", "raw/toxigen_sentences", "judges/toxicity",
            "judges/rejection", "raw/sg_toxicity_prompts")  # fmt: skip
    job = build_definitions(project).resolve_implicit_global_asset_job_def()
    with dg.DagsterInstance.ephemeral() as instance:
        assert job.execute_in_process(
            instance=instance, asset_selection=[dg.AssetKey(name.split("/")) for name in made]
        ).success
    labelled = project.store.required_head(Ref.parse("raw/sg_toxicity_prompts"))
    rows = pl.read_parquet(project.store.path(labelled))
    assert set(rows["label"]) == {"safe", "unsafe"}
    assert rows.filter(pl.col("score") == 1.0)["text"].str.contains("(?i)^[a-m]").all()
    matched = labelled.details["judges"]["toxicity"]["matched_by_filter"]["first_half"]
    assert matched == rows.filter(pl.col("label") == "unsafe").height
    assert 1 in [machine.kind.threads for machine in labelled.machines]
    fitted = project.store.required_head(Ref.parse("judges/rejection"))
    assert fitted.details["on_unseen_groups"]["auc"] > 0.5
    assert {"judge.json", "head/head.safetensors", "embedder/embedder.json"} <= set(fitted.files)
