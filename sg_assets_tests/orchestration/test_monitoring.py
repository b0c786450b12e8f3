"""From real runs in Dagster to notices."""

import json
from datetime import timedelta

import dagster as dg
import pytest

from sg_assets.alerts.delivery import DeliveryCounts
from sg_assets.alerts.incident_store import IncidentStore
from sg_assets.definitions import build_definitions
from sg_assets.errors import SgAssetsError
from sg_assets.orchestration.assets import status
from sg_assets.orchestration.monitoring import raise_alerts
from sg_assets.orchestration.project_incidents import incidents_path
from sg_assets_tests.orchestration.monitored_project import ALL, OPENED, RECOVERED, SHORT, MonitoredProject

pytestmark = pytest.mark.slow


def test_a_clean_run_raises_no_alert(monitored: MonitoredProject) -> None:
    assert monitored.run(*ALL).success
    assert monitored.raise_alerts() == DeliveryCounts()
    assert monitored.notices == []
    assert monitored.printed == []


def test_a_broken_run_is_one_notice_and_its_recovery_another(monitored: MonitoredProject) -> None:
    monitored.run(*ALL)
    monitored.lengthen()
    for _ in range(2):
        broken = monitored.run(*ALL)
        monitored.raise_alerts()
    assert not broken.success
    assert monitored.titles == [OPENED]
    monitored.shorten()
    monitored.run(*ALL)
    monitored.raise_alerts()
    assert monitored.titles == [OPENED, RECOVERED]
    assert monitored.printed[0] == f"! alert  tiny: {OPENED}"


def test_a_notice_tells_numbers_and_links_and_no_text(monitored: MonitoredProject) -> None:
    monitored.run(*ALL)
    monitored.lengthen()
    broken = monitored.run(*ALL)
    monitored.raise_alerts()
    (notice,) = monitored.notices
    assert "  now: evaluated 21, failing 1" in notice["body"]
    assert "  before: evaluated 21, failing 0" in notice["body"]
    assert f"run: http://127.0.0.1:3000/runs/{broken.run_id}" in notice["body"]
    assert "asset: http://127.0.0.1:3000/assets/templated/short?view=checks" in notice["body"]
    assert "1 more assets of the run were not made." in notice["body"]
    assert "please" not in json.dumps(notice)


def test_a_step_that_fails_is_told_by_our_own_reason(monitored: MonitoredProject) -> None:
    monitored.run("templated/short")
    monitored.raise_alerts()
    assert monitored.titles == ["opened (error): making templated/short"]
    assert "  now: templated/templates has no version" in monitored.notices[0]["body"]


def test_what_is_no_node_of_the_graph_is_told_too(monitored: MonitoredProject, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise SgAssetsError("on purpose", where="reports/status")

    monkeypatch.setattr(status, "run_step", fail)
    monitored.run("reports/status")
    monitored.raise_alerts()
    assert monitored.titles == ["opened (error): making reports/status"]


def test_of_others_errors_only_the_kind_is_told(monitored: MonitoredProject) -> None:
    monitored.write(
        "sql/templated/longer.sql",
        "-- description: Fails.\n-- key: x\n-- column x: A number.\n"
        "SELECT CAST(error('a quoted text') AS BIGINT) AS x FROM templated.templates\n",
    )
    monitored.run(*ALL)
    monitored.raise_alerts()
    assert monitored.titles == ["opened (error): making templated/longer"]
    assert "quoted" not in json.dumps(monitored.notices)


def test_a_step_recovers_when_its_asset_is_made(monitored: MonitoredProject) -> None:
    monitored.run("templated/short")
    monitored.run(*ALL)
    monitored.raise_alerts()
    assert monitored.titles == ["opened (error): making templated/short", "recovered: making templated/short"]
    assert "  now: version 01" in monitored.notices[1]["body"]


def test_runs_that_ended_before_the_book_began_are_none_of_its_business(monitored: MonitoredProject) -> None:
    monitored.run("templated/short")
    incidents_path(monitored.project).unlink()
    monitored.raise_alerts()
    assert monitored.notices == []


def test_a_warning_that_was_never_passed_is_quiet_and_a_regression_is_told(monitored: MonitoredProject) -> None:
    monitored.run(*ALL)
    monitored.raise_alerts()
    incidents = IncidentStore(incidents_path(monitored.project))
    assert [(incident.status, incident.subject.name) for incident in incidents.incidents()] == [("quiet", "many")]
    incidents.close()
    for least in (1, 1000):
        monitored.write("sql/templated/short.sql", SHORT.replace("count(*) > 1000", f"count(*) > {least}"))
        monitored.run(*ALL)
        monitored.raise_alerts()
    assert monitored.titles == ["opened (warning): check many of templated/short"]


def test_a_check_that_is_removed_closes_its_incident(monitored: MonitoredProject) -> None:
    from sg_assets.execution.runs import _defined

    monitored.lengthen()
    monitored.run(*ALL)
    monitored.raise_alerts()
    monitored.write("sql/templated/short.sql", SHORT.replace("-- check few_words: length(template) < 200\n", ""))
    raise_alerts(monitored.instance, monitored.project, monitored.printed.append, is_known=_defined(monitored.project))
    assert monitored.titles == [OPENED, RECOVERED]
    assert "  now: no longer declared" in monitored.notices[1]["body"]


def test_a_run_whose_process_is_gone_is_told_of_what_it_did_not_make(monitored: MonitoredProject) -> None:
    job = build_definitions(monitored.project).resolve_implicit_global_asset_job_def()
    keys = frozenset(dg.AssetKey(asset.split("/")) for asset in ALL)
    run = monitored.instance.create_run_for_job(job.get_subset(asset_selection=keys), asset_selection=keys)
    monitored.instance.report_run_failed(run, "The run's process is gone.")
    monitored.raise_alerts()
    assert monitored.titles == ["opened (error): making templated/templates"]
    assert "2 more assets of the run were not made." in monitored.notices[0]["body"]
    monitored.run("templated/templates")
    monitored.raise_alerts()
    assert monitored.titles[1:] == ["recovered: making templated/templates"]


def test_what_another_system_reports_is_told_once(monitored: MonitoredProject) -> None:
    key = dg.AssetKey(["templated", "short"])
    for passed in (False, True):
        monitored.instance.report_runless_asset_event(
            dg.AssetCheckEvaluation(key, "few_words", passed, {}, severity=dg.AssetCheckSeverity.ERROR)
        )
        for later in (0, 1, 10):
            monitored.raise_alerts(timedelta(minutes=later))
    assert monitored.titles == [OPENED, RECOVERED]


def test_owners_are_shown_in_dagster(monitored: MonitoredProject) -> None:
    monitored.write(
        "models/alerts.yaml",
        "owners: [{assets: templated/*, owner: data}, {assets: raw/*, owner: d@sg.example}]",
    )
    specs = {"/".join(spec.key.path): spec for spec in build_definitions(monitored.project).resolve_all_asset_specs()}
    assert specs["templated/short"].owners == ["team:data"]
    assert specs["raw/forum_comments"].owners == ["d@sg.example"]
    assert specs["scores/sg_safety"].owners == []
