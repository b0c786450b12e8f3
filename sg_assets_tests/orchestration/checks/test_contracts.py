"""Checks of a table in Dagster: passed, failed and recovered, with the published version untouched meanwhile."""

import shutil
from pathlib import Path

import dagster as dg
import pytest

from sg_assets.definitions import build_definitions
from sg_assets.orchestration.project import Project, load_project
from sg_assets.store.quarantine import quarantined_versions
from sg_assets.store.refs import Ref
from sg_assets_tests.paths import PROJECT

pytestmark = pytest.mark.slow

TEMPLATES = Ref.parse("templated/templates")
SHORT = Ref.parse("templated/short")
SQL = """\
-- description: Templates with a short text.
-- key: template_id
-- check few_words: length(template) < 60
-- warn many: count(*) > 1000
SELECT template_id, template FROM templated.templates
"""


@pytest.fixture
def root(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    for folder in ("models", "sql"):
        shutil.copytree(PROJECT / folder, tmp_path / folder)
    (tmp_path / "sql/templated/short.sql").write_text(SQL)
    monkeypatch.setenv("SG_PROFILE", "tiny")
    monkeypatch.setenv("SG_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SG_PROJECT", str(tmp_path))
    return tmp_path


def materialize(project: Project, *assets: str) -> dg.ExecuteInProcessResult:
    job = build_definitions(project).resolve_implicit_global_asset_job_def()
    keys = [dg.AssetKey(asset.split("/")) for asset in assets]
    return job.execute_in_process(asset_selection=keys, raise_on_error=False)


def evaluations(run: dg.ExecuteInProcessResult) -> dict[str, dg.AssetCheckEvaluation]:
    return {
        evaluation.check_name: evaluation
        for evaluation in run.get_asset_check_evaluations()
        if evaluation.asset_key.path[-1] == "short"
    }


def lengthen(root: Path) -> None:
    path = root / "models/templates.yaml"
    path.write_text(path.read_text().replace("Reply to this comment:", "Reply to this comment, " + "please " * 10))


def test_every_demand_is_a_check_and_a_warning_publishes(root: Path) -> None:
    project = load_project()
    run = materialize(project, "templated/templates", "templated/short")
    assert run.success
    by_check = evaluations(run)
    assert {name: evaluation.passed for name, evaluation in by_check.items()} == {
        "columns": True, "key": True, "few_words": True, "many": False,
    }  # fmt: skip
    assert by_check["many"].severity == dg.AssetCheckSeverity.WARN
    assert by_check["few_words"].severity == dg.AssetCheckSeverity.ERROR
    assert project.store.head(SHORT) is not None


def test_a_failed_check_keeps_the_last_good_version_and_names_the_row(root: Path) -> None:
    project = load_project()
    materialize(project, "templated/templates", "templated/short")
    good = project.store.required_head(SHORT)
    lengthen(root)
    project = load_project()
    run = materialize(project, "templated/templates", "templated/short")
    assert not run.success
    failed = evaluations(run)["few_words"]
    (candidate,) = quarantined_versions(project.store, SHORT)
    assert not failed.passed
    assert failed.metadata["candidate"].value == candidate.version
    assert failed.metadata["published"].value == f"{good.version}, current and unaffected"
    assert "template_id=reply_to" in str(failed.metadata["examples"].value)
    assert "please" not in str(failed.metadata)
    assert project.store.required_head(SHORT).version == good.version


def test_it_recovers_when_the_input_does(root: Path) -> None:
    project = load_project()
    materialize(project, "templated/templates", "templated/short")
    good = project.store.required_head(SHORT)
    before = (root / "models/templates.yaml").read_text()
    lengthen(root)
    materialize(load_project(), "templated/templates", "templated/short")
    (root / "models/templates.yaml").write_text(before)
    run = materialize(load_project(), "templated/templates", "templated/short")
    assert run.success
    assert evaluations(run)["few_words"].passed
    assert project.store.required_head(SHORT).fingerprint == good.fingerprint
