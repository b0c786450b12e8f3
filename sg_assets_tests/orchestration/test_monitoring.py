"""From real runs in Dagster to notices."""

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from sg_assets.alerts.delivery import FILE, Delivered
from sg_assets.alerts.incident_store import IncidentStore
from sg_assets.definitions import build_definitions
from sg_assets.errors import SgAssetsError
from sg_assets.orchestration.assets import status
from sg_assets.orchestration.monitoring import book_path, observe_sources, opened_book, watch
from sg_assets.orchestration.project import Project, load_project
from sg_assets_tests.paths import PROJECT

pytestmark = pytest.mark.slow
SHORT = """\
-- description: Instructions.
-- key: template_id
-- check few_words: length(template) < 200
-- warn many: count(*) > 1000
SELECT template_id, template FROM templated.templates
"""
LONGER = "-- description: Instructions again.\n-- key: template_id\nSELECT template_id, template FROM templated.short\n"
ALERTS = """\
routes: [{to: [file, terminal]}]
quiet: [{assets: templated/short, checks: [many], unless: regressed}]
freshness: [{source: comments, max_age_hours: 24}]
"""


@dataclass
class World:
    """A project on disk, with Dagster's records of it."""

    root: Path
    instance: dg.DagsterInstance
    said: list[str]
    loaded: Project | None = None

    @property
    def project(self) -> Project:
        """As it was when it was written last."""
        self.loaded = self.loaded or load_project()
        return self.loaded

    def write(self, name: str, text: str) -> None:
        (self.root / name).write_text(text)
        self.loaded = None

    def run(self, *assets: str) -> dg.ExecuteInProcessResult:
        job = build_definitions(self.project).resolve_implicit_global_asset_job_def()
        keys = [dg.AssetKey(asset.split("/")) for asset in assets]
        return job.execute_in_process(instance=self.instance, asset_selection=keys, raise_on_error=False)

    def watch(self, later: timedelta = timedelta()) -> Delivered:
        return watch(self.instance, self.project, self.said.append, now=lambda: datetime.now(UTC) + later)

    def lengthen(self) -> None:
        longer = "Reply to this comment, " + "please " * 40
        text = (PROJECT / "models/templates.yaml").read_text()
        self.write("models/templates.yaml", text.replace("Reply to this comment:", longer))

    def shorten(self) -> None:
        self.write("models/templates.yaml", (PROJECT / "models/templates.yaml").read_text())

    @property
    def notices(self) -> list[dict[str, Any]]:
        path = book_path(self.project).with_name(FILE)
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    @property
    def told(self) -> list[str]:
        return [notice["title"].removeprefix("tiny: ") for notice in self.notices]


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    for folder in ("models", "sql"):
        shutil.copytree(PROJECT / folder, tmp_path / "project" / folder)
    (tmp_path / "project/sql/templated/short.sql").write_text(SHORT)
    (tmp_path / "project/sql/templated/longer.sql").write_text(LONGER)
    (tmp_path / "project/models/alerts.yaml").write_text(ALERTS)
    for name, value in {"SG_PROJECT": tmp_path / "project", "SG_HOME": tmp_path / "home", "SG_PROFILE": "tiny"}.items():
        monkeypatch.setenv(name, str(value))
    (tmp_path / "dagster").mkdir()
    (tmp_path / "dagster/dagster.yaml").write_text("telemetry: {enabled: false}\n")
    with dg.DagsterInstance.from_config(str(tmp_path / "dagster")) as instance, opened_book(load_project()):
        yield World(tmp_path / "project", instance, [])


BROKEN = "opened (error): check few_words of templated/short"
MENDED = "recovered: check few_words of templated/short"
ALL = ("templated/templates", "templated/short", "templated/longer")


def test_a_clean_run_raises_no_alert(world: World) -> None:
    assert world.run(*ALL).success
    assert world.watch() == Delivered()
    assert world.notices == []
    assert world.said == []


def test_a_broken_run_is_one_notice_and_its_recovery_another(world: World) -> None:
    world.run(*ALL)
    world.lengthen()
    for _ in range(2):
        broken = world.run(*ALL)
        world.watch()
    assert not broken.success
    assert world.told == [BROKEN]
    world.shorten()
    world.run(*ALL)
    world.watch()
    assert world.told == [BROKEN, MENDED]
    assert world.said[0] == f"! alert  tiny: {BROKEN}"


def test_a_notice_tells_numbers_and_links_and_no_text(world: World) -> None:
    world.run(*ALL)
    world.lengthen()
    broken = world.run(*ALL)
    world.watch()
    (notice,) = world.notices
    assert "  now: evaluated 21, failing 1" in notice["body"]
    assert "  before: evaluated 21, failing 0" in notice["body"]
    assert f"run: http://127.0.0.1:3000/runs/{broken.run_id}" in notice["body"]
    assert "asset: http://127.0.0.1:3000/assets/templated/short?view=checks" in notice["body"]
    assert "1 more assets of the run were not made." in notice["body"]
    assert "please" not in json.dumps(notice)


def test_a_step_that_fails_is_told_by_our_own_reason(world: World) -> None:
    world.run("templated/short")
    world.watch()
    assert world.told == ["opened (error): making templated/short"]
    assert "  now: templated/templates has no version" in world.notices[0]["body"]


def test_what_is_no_node_of_the_graph_is_told_too(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise SgAssetsError("on purpose", where="reports/status")

    monkeypatch.setattr(status, "run_step", fail)
    world.run("reports/status")
    world.watch()
    assert world.told == ["opened (error): making reports/status"]


def test_of_others_errors_only_the_kind_is_told(world: World) -> None:
    world.write(
        "sql/templated/longer.sql",
        "-- description: Fails.\n-- key: x\n-- column x: A number.\n"
        "SELECT error('a quoted text') AS x FROM templated.templates\n",
    )
    world.run(*ALL)
    world.watch()
    assert world.told == ["opened (error): making templated/longer"]
    assert "quoted" not in json.dumps(world.notices)


def test_a_step_recovers_when_its_asset_is_made(world: World) -> None:
    world.run("templated/short")
    world.run(*ALL)
    world.watch()
    assert world.told == ["opened (error): making templated/short", "recovered: making templated/short"]
    assert "  now: version 01" in world.notices[1]["body"]


def test_runs_that_ended_before_the_book_began_are_none_of_its_business(world: World) -> None:
    world.run("templated/short")
    book_path(world.project).unlink()
    world.watch()
    assert world.notices == []


def test_a_warning_that_was_never_passed_is_quiet_and_a_regression_is_told(world: World) -> None:
    world.run(*ALL)
    world.watch()
    book = IncidentStore(book_path(world.project))
    assert [(one.status, one.subject.name) for one in book.incidents()] == [("quiet", "many")]
    book.close()
    for least in (1, 1000):
        world.write("sql/templated/short.sql", SHORT.replace("count(*) > 1000", f"count(*) > {least}"))
        world.run(*ALL)
        world.watch()
    assert world.told == ["opened (warning): check many of templated/short"]


def test_a_check_that_is_removed_closes_its_incident(world: World) -> None:
    from sg_assets.execution.runs import _defined

    world.lengthen()
    world.run(*ALL)
    world.watch()
    world.write("sql/templated/short.sql", SHORT.replace("-- check few_words: length(template) < 200\n", ""))
    watch(world.instance, world.project, world.said.append, is_known=_defined(world.project))
    assert world.told == [BROKEN, MENDED]
    assert "  now: no longer declared" in world.notices[1]["body"]


def test_a_run_whose_process_is_gone_is_told_of_what_it_did_not_make(world: World) -> None:
    job = build_definitions(world.project).resolve_implicit_global_asset_job_def()
    keys = frozenset(dg.AssetKey(one.split("/")) for one in ALL)
    run = world.instance.create_run_for_job(job.get_subset(asset_selection=keys), asset_selection=keys)
    world.instance.report_run_failed(run, "The run's process is gone.")
    world.watch()
    assert world.told == ["opened (error): making templated/templates"]
    assert "2 more assets of the run were not made." in world.notices[0]["body"]
    world.run("templated/templates")
    world.watch()
    assert world.told[1:] == ["recovered: making templated/templates"]


def test_what_another_system_reports_is_told_once(world: World) -> None:
    key = dg.AssetKey(["templated", "short"])
    for passed in (False, True):
        world.instance.report_runless_asset_event(
            dg.AssetCheckEvaluation(key, "few_words", passed, {}, severity=dg.AssetCheckSeverity.ERROR)
        )
        for later in (0, 1, 10):
            world.watch(timedelta(minutes=later))
    assert world.told == [BROKEN, MENDED]


def test_the_sensor_does_the_same(world: World) -> None:
    world.lengthen()
    world.run(*ALL)
    defined = build_definitions(world.project)
    sensor = defined.resolve_sensor_def("alerts")
    assert sensor.default_status is dg.DefaultSensorStatus.RUNNING
    with dg.build_sensor_context(world.instance, definitions=defined) as context:
        skipped = sensor.evaluate_tick(context).skip_message
    assert skipped == "2 notices delivered, 0 failed, 0 held back"
    assert world.told == [BROKEN]


def test_without_routes_the_sensor_does_not_run(world: World) -> None:
    (world.root / "models/alerts.yaml").unlink()
    sensor = build_definitions(world.project).resolve_sensor_def("alerts")
    assert sensor.default_status is dg.DefaultSensorStatus.STOPPED


def test_owners_are_shown_in_dagster(world: World) -> None:
    world.write(
        "models/alerts.yaml",
        "owners: [{assets: templated/*, owner: data}, {assets: raw/*, owner: d@sg.example}]",
    )
    specs = {"/".join(one.key.path): one for one in build_definitions(world.project).resolve_all_asset_specs()}
    assert specs["templated/short"].owners == ["team:data"]
    assert specs["raw/forum_comments"].owners == ["d@sg.example"]
    assert specs["scores/sg_safety"].owners == []


@pytest.fixture
def dump(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "dump"
    folder.mkdir()
    (folder / "comments.csv").write_text("text\na comment\n")
    monkeypatch.setenv("SG_RAW", str(folder))
    return folder


def observed(world: World) -> list[str]:
    key = dg.AssetRecordsFilter(dg.AssetKey(["raw", "comment_files"]))
    records = world.instance.fetch_observations(key, limit=50).records
    return [(one.asset_observation.tags or {})["dagster/data_version"] for one in records if one.asset_observation]


def test_a_source_is_observed_anew_only_when_its_content_changes(world: World, dump: Path) -> None:
    for _ in range(3):
        observe_sources(world.instance, world.project)
        os.utime(dump / "comments.csv", (1, 1))
    assert len(observed(world)) == 1
    (dump / "comments.csv").write_text("text\nanother comment\n")
    observe_sources(world.instance, world.project)
    assert len(set(observed(world))) == 2


def test_comments_are_made_from_the_observed_source(world: World, dump: Path) -> None:
    specs = {"/".join(one.key.path): one for one in build_definitions(world.project).resolve_all_asset_specs()}
    assert dg.AssetKey(["raw", "comment_files"]) in [one.asset_key for one in specs["raw/forum_comments"].deps]
    assert not specs["raw/comment_files"].deps


def test_an_overdue_source_is_told_once_and_closes_when_it_changes(world: World, dump: Path) -> None:
    def look(days: float) -> None:
        later = timedelta(days=days)
        observe_sources(world.instance, world.project, lambda: datetime.now(UTC) + later)
        world.watch()

    look(0)
    assert world.told == []
    look(1.1)
    look(1.2)
    assert world.told == ["opened (warning): check fresh of raw/comment_files"]
    assert "at most hours 24, hours unchanged 26.4, readable 1" in world.notices[0]["body"]
    (dump / "comments.csv").write_text("text\nanother comment\n")
    look(1.3)
    assert world.told[1:] == ["recovered: check fresh of raw/comment_files"]


def test_a_source_that_cannot_be_read_is_told_too(world: World, dump: Path) -> None:
    project = world.project
    (dump / "comments.csv").unlink()
    observe_sources(world.instance, project)
    world.watch()
    assert world.told == ["opened (warning): check fresh of raw/comment_files"]
    assert "readable 0" in world.notices[0]["body"]


def test_the_freshness_check_can_be_executed(world: World, dump: Path) -> None:
    job = dg.define_asset_job(
        "look", selection=dg.AssetSelection.checks_for_assets(dg.AssetKey(["raw", "comment_files"]))
    )
    defined = dg.Definitions.merge(build_definitions(world.project), dg.Definitions(jobs=[job]))
    ended = defined.resolve_job_def("look").execute_in_process(instance=world.instance)
    (evaluation,) = ended.get_asset_check_evaluations()
    assert evaluation.passed
    assert evaluation.metadata["at_most_hours"].value == 24


def test_generated_comments_have_no_source_outside(world: World) -> None:
    names = [one.name for one in build_definitions(world.project).sensors or [] if isinstance(one, dg.SensorDefinition)]
    assert "alerts" in names
    assert "sources" not in names
