"""Materializing, recorded in Dagster."""

import shutil
from functools import partial
from pathlib import Path

import dagster as dg
import pytest

from sg_assets.declarations.batches import Batch
from sg_assets.errors import SgAssetsError
from sg_assets.execution.lanes import Lanes
from sg_assets.execution.runs import RunProgress, materialize, run_batches, runner
from sg_assets.orchestration.pipes import GPU_POOL
from sg_assets.orchestration.project import Project, load_project
from sg_assets.store.refs import Ref
from sg_assets_tests.paths import PROJECT

TEMPLATES, LEXICON = Ref.parse("templated/templates"), Ref.parse("synthesized/lexicon")
BROKEN = "-- description: Fails.\n-- key: x\n-- column x: Nothing.\nSELECT error('on purpose')::VARCHAR AS x\n"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    for folder in ("models", "sql"):
        shutil.copytree(PROJECT / folder, tmp_path / "project" / folder)
    (tmp_path / "project/sql/templated/broken.sql").write_text(BROKEN)
    for name, value in {"SG_PROJECT": tmp_path / "project", "SG_HOME": tmp_path / "home", "SG_PROFILE": "tiny"}.items():
        monkeypatch.setenv(name, str(value))
    return load_project()


def runs(project: Project) -> list[dg.DagsterRunStatus]:
    with dg.DagsterInstance.from_config(str(project.settings.dagster_home)) as instance:
        return [run.status for run in instance.get_runs()]


@pytest.mark.slow
def test_what_ran_beside_a_failure_is_published_and_both_are_recorded(project: Project) -> None:
    materialize(project, lambda _: None, lambda _: None, [TEMPLATES])
    finished: list[RunProgress] = []
    planned = [Batch(("templated/broken",), None), Batch(("synthesized/lexicon",), None)]
    with (
        Lanes(2, partial(runner, project)) as lanes,
        pytest.raises(SgAssetsError, match="the SQL failed"),
    ):
        run_batches(planned, project.graph, lanes, lambda _: None, finished.append)
    assert [progress.batch.assets for progress in finished] == [("synthesized/lexicon",)]
    assert project.store.head(LEXICON) is not None
    assert runs(project).count(dg.DagsterRunStatus.FAILURE) == 1
    assert runs(project).count(dg.DagsterRunStatus.SUCCESS) == 2


@pytest.mark.slow
def test_the_gpu_pool_has_as_many_places_as_there_are_lanes(project: Project) -> None:
    materialize(project, lambda _: None, lambda _: None, [TEMPLATES])
    assert project.store.head(TEMPLATES) is not None
    with dg.DagsterInstance.from_config(str(project.settings.dagster_home)) as instance:
        assert instance.event_log_storage.get_concurrency_info(GPU_POOL).slot_count == 2


@pytest.mark.slow
def test_what_is_current_and_recorded_needs_no_run(project: Project) -> None:
    materialize(project, lambda _: None, lambda _: None, [TEMPLATES])
    finished: list[RunProgress] = []
    materialize(project, lambda _: None, finished.append, [TEMPLATES])
    assert [progress.seconds for progress in finished] == [None]
    assert len(runs(project)) == 1


@pytest.mark.slow
def test_what_dagster_does_not_know_of_is_run_again(project: Project) -> None:
    """As after a kill between a version and its record in Dagster."""
    materialize(project, lambda _: None, lambda _: None, [TEMPLATES])
    before = project.store.required_head(TEMPLATES)
    shutil.rmtree(project.settings.dagster_home)
    materialize(project, lambda _: None, lambda _: None, [TEMPLATES])
    assert runs(project) == [dg.DagsterRunStatus.SUCCESS]
    assert project.store.required_head(TEMPLATES) == before


@pytest.mark.slow
def test_what_was_reverted_is_run_again(project: Project) -> None:
    materialize(project, lambda _: None, lambda _: None, [LEXICON])
    first = project.store.required_head(LEXICON)
    lexicon = project.settings.project / "models/lexicon.yaml"
    lexicon.write_text(lexicon.read_text() + "  - {term: zzork, meaning: an invented word}\n")
    materialize(load_project(), lambda _: None, lambda _: None, [LEXICON])
    second = project.store.required_head(LEXICON)
    project.store.set_head(first, "revert", run_id=None)
    materialize(load_project(), lambda _: None, lambda _: None, [LEXICON])
    assert first.version != second.version
    assert project.store.required_head(LEXICON).version == second.version


@pytest.mark.slow
def test_what_broke_is_told_at_the_end_of_the_run_and_its_recovery_too(project: Project) -> None:
    broken = project.settings.project / "sql/templated/broken.sql"
    passing = "-- description: Passes.\n-- key: template_id\nSELECT template_id FROM templated.templates\n"
    said: list[str] = []

    def run_it() -> None:
        refs = [TEMPLATES, Ref.parse("templated/broken")]
        materialize(load_project(), lambda _: None, lambda _: None, refs, said.append)

    broken.write_text(passing)
    run_it()
    assert said == []
    broken.write_text(passing.replace("SELECT", "-- check on_purpose: false\nSELECT"))
    for _ in range(2):
        with pytest.raises(SgAssetsError, match="on_purpose"):
            run_it()
    assert [line for line in said if "alert" in line] == [
        "! alert  tiny: opened (error): check on_purpose of templated/broken"
    ]
    broken.write_text(passing)  # nothing is to be made: the version that is current is this one
    run_it()
    assert [line for line in said if "alert" in line][1:] == [
        "✓ alert  tiny: recovered: check on_purpose of templated/broken"
    ]
