"""The declared rules: who gets a notice, and who none."""

from sg_assets.alerts.incident_store import IncidentStore
from sg_assets.alerts.incidents import Subject
from sg_assets_tests.alerts.world import ALONE, A, event, rules, run, sent_changes

QUIET = {"assets": "raw/*", "unless": "regressed"}


def test_what_is_quiet_is_kept_and_told_to_nobody(store: IncidentStore) -> None:
    declared = rules(quiet=[{"assets": "raw/*", "checks": ["few"]}])
    run(store, declared, 1, event(A, 1, passed=True))
    run(store, declared, 2, event(A, 2))
    assert [incident.status for incident in store.incidents()] == ["quiet"]
    run(store, declared, 3, event(A, 3, passed=True))
    assert sent_changes(store) == []


def test_a_check_that_never_passed_is_quiet_where_only_regressions_are_told(store: IncidentStore) -> None:
    declared = rules(quiet=[QUIET])
    run(store, declared, 1, event(A, 1))
    assert sent_changes(store) == []


def test_a_regression_is_told(store: IncidentStore) -> None:
    declared = rules(quiet=[QUIET])
    run(store, declared, 1, event(A, 1, passed=True))
    run(store, declared, 2, event(A, 2))
    assert sent_changes(store) == [["opened check few of raw/a"]]


def test_routes_go_by_severity_owner_and_group(store: IncidentStore) -> None:
    declared = rules(
        owners=[{"assets": "raw/*", "owner": "data"}, {"assets": "scores/*", "owner": "safety@team.example"}],
        routes=[
            {"to": ["file"]},
            {"severity": "error", "owners": ["data"], "to": ["DATA_URL"]},
            {"groups": ["scores"], "to": ["SCORES_URL", "file"]},
        ],
    )
    run(store, declared, 1, event(A, 1, severity="warning"), event(ALONE, 1, severity="warning"))
    run(store, declared, 2, event(A, 2))
    assert [len(sent_changes(store, target)) for target in ("file", "DATA_URL", "SCORES_URL")] == [2, 1, 1]
    assert sent_changes(store, "SCORES_URL") == [["opened check few of scores/alone"]]


def test_what_this_project_does_not_declare_is_passed_over(store: IncidentStore) -> None:
    elsewhere = Subject(kind="check", asset="other/location", partition="2026-01-01", name="x")
    run(store, rules(), 1, event(elsewhere, 1))
    assert store.incidents(closed=True) == []
