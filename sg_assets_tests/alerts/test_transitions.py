"""How incidents open, escalate, are muted and close."""

from sg_assets.alerts.incident_store import IncidentStore
from sg_assets.alerts.incidents import Subject
from sg_assets_tests.alerts.world import A, B, C, at, event, notices, rules, run, sent_changes


def test_what_follows_from_a_failure_of_the_same_run_is_muted(store: IncidentStore) -> None:
    run(store, rules(), 1, event(C, 1), event(B, 1), event(A, 1))
    assert sent_changes(store) == [["opened check few of raw/a"]]
    cause, *muted = store.incidents()
    assert [(incident.status, incident.muted_by) for incident in muted] == [("muted", cause.id), ("muted", cause.id)]


def test_a_step_that_cannot_run_for_an_earlier_failure_is_muted(store: IncidentStore) -> None:
    run(store, rules(), 1, event(A, 1))
    run(store, rules(), 2, event(B, 2))
    assert sent_changes(store) == [["opened check few of raw/a"]]


def test_a_check_of_a_later_run_is_not_muted(store: IncidentStore) -> None:
    run(store, rules(), 1, event(A, 1))
    of_score = Subject(kind="check", asset="scores/b", partition="x", name="score_moved")
    run(store, rules(), 2, event(of_score, 2, severity="warning"))
    assert len(sent_changes(store)) == 2


def test_a_warning_mutes_nothing(store: IncidentStore) -> None:
    run(store, rules(), 1, event(A, 1, severity="warning"), event(B, 1))
    assert len(sent_changes(store)[0]) == 2


def test_what_was_muted_recovers_without_a_word(store: IncidentStore) -> None:
    run(store, rules(), 1, event(A, 1), event(B, 1))
    run(store, rules(), 2, event(A, 2, passed=True), event(B, 2, passed=True))
    assert sent_changes(store) == [["opened check few of raw/a"], ["recovered check few of raw/a"]]
    assert store.incidents() == []


def test_what_stays_broken_when_its_cause_is_mended_is_told_after_a_while(store: IncidentStore) -> None:
    declared = rules(hold_muted_minutes=60)
    run(store, declared, 1, event(A, 1), event(B, 1))
    run(store, declared, 2, event(A, 2, passed=True))
    store.apply_time(declared, at(61))
    assert len(sent_changes(store)) == 2
    store.apply_time(declared, at(62))
    assert sent_changes(store)[2:] == [["opened making scores/b[x]"]]


def test_a_muted_failure_without_its_cause_is_told(store: IncidentStore) -> None:
    run(store, rules(), 1, event(A, 1), event(B, 1))
    run(store, rules(), 2, event(A, 2, passed=True), event(B, 2))
    assert sent_changes(store)[1:] == [["recovered check few of raw/a", "opened making scores/b[x]"]]


def test_what_lasts_escalates_once_a_step(store: IncidentStore) -> None:
    declared = rules(
        escalate=[
            {"severity": "warning", "after_hours": 1, "to": "error"},
            {"severity": "error", "after_hours": 2, "to": "critical"},
        ]
    )
    run(store, declared, 0, event(A, 0, severity="warning"))
    for minutes in (59, 60, 61, 179, 180, 600):
        store.apply_time(declared, at(minutes))
    assert [(notice.at, notice.severity) for notice in notices(store)] == [
        (at(0), "warning"), (at(60), "error"), (at(180), "critical"),
    ]  # fmt: skip
    assert notices(store)[1].changes[0].kind == "escalated"


def test_repeated_failures_escalate(store: IncidentStore) -> None:
    declared = rules(escalate=[{"severity": "warning", "after_failures": 3, "to": "error"}])
    for minute in (1, 2, 3, 4):
        run(store, declared, minute, event(A, minute, severity="warning"))
    assert [notice.changes[0].kind for notice in notices(store)] == ["opened", "escalated"]


def test_a_warning_that_comes_back_as_an_error_escalates(store: IncidentStore) -> None:
    run(store, rules(), 1, event(A, 1, severity="warning"))
    run(store, rules(), 2, event(A, 2, severity="error"))
    assert [notice.changes[0].kind for notice in notices(store)] == ["opened", "escalated"]
