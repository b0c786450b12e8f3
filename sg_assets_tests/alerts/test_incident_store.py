"""Incidents from their first failure to their end."""

from pathlib import Path

from sg_assets.alerts.incident_store import IncidentStore
from sg_assets.alerts.incidents import RunOutcome
from sg_assets_tests.alerts.world import (
    START,
    A,
    at,
    event,
    notices,
    rules,
    run,
    sent_changes,
)


def test_a_failure_opens_an_incident_and_is_told_once(store: IncidentStore) -> None:
    for minute in (1, 2, 3):
        run(store, rules(), minute, event(A, minute))
    assert sent_changes(store) == [["opened check few of raw/a"]]
    (incident,) = store.incidents()
    assert (incident.failures, incident.opened, incident.last, incident.run) == (3, at(1), at(3), "run3")


def test_its_end_is_told_once_and_the_next_failure_anew(store: IncidentStore) -> None:
    for minute, passed in enumerate([True, False, True, True, False], start=1):
        run(store, rules(), minute, event(A, minute, passed=passed))
    name = "check few of raw/a"
    assert sent_changes(store) == [[f"opened {name}"], [f"recovered {name}"], [f"opened {name}"]]
    assert [incident.status for incident in store.incidents(closed=True)] == ["closed", "open"]


def test_a_run_is_taken_once(store: IncidentStore) -> None:
    for _ in range(2):
        run(store, rules(), 1, event(A, 1))
    assert store.incidents()[0].failures == 1


def test_what_happened_earlier_but_came_late_changes_nothing(store: IncidentStore) -> None:
    run(store, rules(), 5, event(A, 5, passed=True))
    run(store, rules(), 6, event(A, 4))
    assert store.incidents() == []


def test_what_is_no_longer_declared_is_closed(store: IncidentStore) -> None:
    run(store, rules(), 1, event(A, 1))
    store.apply_time(rules(), at(2), lambda subject: subject.name != "few")
    assert store.incidents() == []
    assert notices(store)[1].changes[0].now == "no longer declared"


def test_two_books_at_once_take_a_run_once(store: IncidentStore, tmp_path: Path) -> None:
    other = IncidentStore(tmp_path / "alerts.sqlite", at(9))
    for opened in (store, other):
        run(opened, rules(), 1, event(A, 1))
    assert len(sent_changes(store)) == 1
    assert other.begins == START
    other.close()


def test_news_outside_any_run_is_taken_as_often_as_it_is_found(store: IncidentStore) -> None:
    for _ in range(3):
        store.record_run(RunOutcome(run=None, events=(event(A, 1),)), rules(), at(2))
    assert store.incidents()[0].failures == 1
    assert len(sent_changes(store)) == 1
