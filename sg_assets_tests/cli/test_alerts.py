"""The command that shows what is wrong."""

import json
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from sg_assets.alerts.delivery import deliver
from sg_assets.alerts.incident_store import IncidentStore
from sg_assets.alerts.incidents import Event, RunOutcome, Subject
from sg_assets.alerts.rules import AlertRules
from sg_assets.cli import alerts as cli_alerts
from sg_assets.cli.app import app
from sg_assets.orchestration.project import load_project
from sg_assets.orchestration.project_incidents import alert_rules, incidents_path
from sg_assets_tests.alerts.receivers import Webhook
from sg_assets_tests.alerts.world import START, at

pytestmark = pytest.mark.slow

SUBJECT = Subject(kind="check", asset="templated/prompts", name="key")


@pytest.fixture
def rules(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> AlertRules:
    monkeypatch.setenv("SG_HOME", str(tmp_path))
    monkeypatch.setenv("SG_PROFILE", "tiny")
    monkeypatch.setattr(cli_alerts, "console", Console(width=200))
    rules = alert_rules(load_project())
    routed = rules.declared.model_validate({"routes": [{"to": ["SG_TEST_HOOK"]}]})
    return AlertRules(rules.profile, routed, rules.graph)


def happen(rules: AlertRules, *passed: bool) -> None:
    store = IncidentStore(incidents_path(load_project()), START)
    for minute, has_passed in enumerate(passed, start=1):
        event = Event(subject=SUBJECT, passed=has_passed, at=at(minute), value="repeated keys 2")
        store.record_run(RunOutcome(run=f"run{minute}", events=(event,)), rules, at(minute))
    deliver(store, rules, print, now=lambda: at(9))
    store.close()


def output(*arguments: str) -> str:
    result = CliRunner().invoke(app, ["alerts", *arguments], catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


def test_where_nothing_happened_nothing_is_wrong(rules: AlertRules, tmp_path: Path) -> None:
    assert output().startswith("No open incidents.")
    assert not list(tmp_path.iterdir())


def test_an_open_incident_and_its_undelivered_notice_are_shown(rules: AlertRules) -> None:
    happen(rules, False, False)
    shown = output().splitlines()
    assert shown[1].split()[0] == "open"
    for part in ("error", "check key of templated/prompts", "repeated keys 2", "2026-01-01 00:01"):
        assert part in shown[1]
    assert "SG_TEST_HOOK is not set here" in shown[3]


def test_what_ended_is_shown_when_asked_for(rules: AlertRules) -> None:
    happen(rules, False, True)
    assert output().startswith("No open incidents.")
    assert "closed" in output("--all")


def test_what_is_quiet_is_shown_when_asked_for(rules: AlertRules) -> None:
    declared = rules.declared.model_validate({"quiet": [{"assets": "templated/*"}]})
    happen(AlertRules(rules.profile, declared, rules.graph), False)
    assert "repeated keys 2" not in output()
    assert "repeated keys 2" in output("--all")


def test_programs_get_json(rules: AlertRules) -> None:
    happen(rules, False)
    document = json.loads(output("--format", "json"))
    assert document["incidents"][0]["subject"]["asset"] == "templated/prompts"
    assert document["undelivered"][0]["target"] == "SG_TEST_HOOK"


def test_what_could_not_be_delivered_is_tried_again(rules: AlertRules, monkeypatch: pytest.MonkeyPatch) -> None:
    happen(rules, False)
    with Webhook().serving() as webhook:
        monkeypatch.setenv("SG_TEST_HOOK", webhook.url)
        assert "1 delivered, 0 failed, 0 held back" in output("--retry")
        assert "not set" not in output("--retry")
    assert webhook.titles == ["tiny: opened (error): check key of templated/prompts"]
