"""Incidents from their first failure to their end."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sg_assets.alerts.incident_store import IncidentStore
from sg_assets.alerts.incidents import Report, Subject
from sg_assets.errors import SgAssetsError
from sg_assets_tests.alerts.world import ALONE, START, A, B, C, at, event, notices, rules, run, told


@pytest.fixture
def book(tmp_path: Path) -> Iterator[IncidentStore]:
    opened = IncidentStore(tmp_path / "book.sqlite", START)
    yield opened
    opened.close()


def test_a_failure_opens_an_incident_and_is_told_once(book: IncidentStore) -> None:
    for minute in (1, 2, 3):
        run(book, rules(), minute, event(A, minute))
    assert told(book) == [["opened check few of raw/a"]]
    (incident,) = book.incidents()
    assert (incident.failures, incident.opened, incident.last, incident.run) == (3, at(1), at(3), "run3")


def test_its_end_is_told_once_and_the_next_failure_anew(book: IncidentStore) -> None:
    for minute, passed in enumerate([True, False, True, True, False], start=1):
        run(book, rules(), minute, event(A, minute, passed=passed))
    name = "check few of raw/a"
    assert told(book) == [[f"opened {name}"], [f"recovered {name}"], [f"opened {name}"]]
    assert [one.status for one in book.incidents(closed=True)] == ["closed", "open"]


def test_a_notice_tells_old_and_new_value_and_links(book: IncidentStore) -> None:
    declared = rules(dagster_url="https://dagster.example", owners=[{"assets": "raw/*", "owner": "data"}])
    run(book, declared, 1, event(A, 1, passed=True, value="failing 0"))
    run(book, declared, 2, event(A, 2, value="failing 3"))
    (notice,) = notices(book)
    assert notice.title == "tiny: opened (error): check few of raw/a"
    assert notice.body.splitlines() == [
        "opened (error): check few of raw/a",
        "  now: failing 3",
        "  before: failing 0",
        "  asset: https://dagster.example/assets/raw/a?view=checks",
        f"  incident {book.incidents()[0].id}, owner data",
        "run: https://dagster.example/runs/run2",
        f"notice {notice.id}",
    ]


def test_all_that_a_run_changed_is_one_notice(book: IncidentStore) -> None:
    run(book, rules(), 1, event(A, 1), event(ALONE, 1))
    run(book, rules(), 2, event(A, 2, passed=True), event(ALONE, 2, passed=True))
    assert [len(one) for one in told(book)] == [2, 2]
    assert notices(book)[0].title == "tiny: opened (error): check few of raw/a, and 1 more"


def test_a_run_is_taken_once(book: IncidentStore) -> None:
    for _ in range(2):
        run(book, rules(), 1, event(A, 1))
    assert book.incidents()[0].failures == 1


def test_what_happened_earlier_but_came_late_changes_nothing(book: IncidentStore) -> None:
    run(book, rules(), 5, event(A, 5, passed=True))
    run(book, rules(), 6, event(A, 4))
    assert book.incidents() == []


def test_what_follows_from_a_failure_of_the_same_run_is_muted(book: IncidentStore) -> None:
    run(book, rules(), 1, event(C, 1), event(B, 1), event(A, 1))
    assert told(book) == [["opened check few of raw/a"]]
    cause, *muted = book.incidents()
    assert [(one.status, one.muted_by) for one in muted] == [("muted", cause.id), ("muted", cause.id)]


def test_a_step_that_cannot_run_for_an_earlier_failure_is_muted(book: IncidentStore) -> None:
    run(book, rules(), 1, event(A, 1))
    run(book, rules(), 2, event(B, 2))
    assert told(book) == [["opened check few of raw/a"]]


def test_a_check_of_a_later_run_is_not_muted(book: IncidentStore) -> None:
    run(book, rules(), 1, event(A, 1))
    of_score = Subject(kind="check", asset="scores/b", partition="x", name="score_moved")
    run(book, rules(), 2, event(of_score, 2, severity="warning"))
    assert len(told(book)) == 2


def test_a_warning_mutes_nothing(book: IncidentStore) -> None:
    run(book, rules(), 1, event(A, 1, severity="warning"), event(B, 1))
    assert len(told(book)[0]) == 2


def test_what_was_muted_recovers_without_a_word(book: IncidentStore) -> None:
    run(book, rules(), 1, event(A, 1), event(B, 1))
    run(book, rules(), 2, event(A, 2, passed=True), event(B, 2, passed=True))
    assert told(book) == [["opened check few of raw/a"], ["recovered check few of raw/a"]]
    assert book.incidents() == []


def test_what_stays_broken_when_its_cause_is_mended_is_told_after_a_while(book: IncidentStore) -> None:
    declared = rules(hold_muted_minutes=60)
    run(book, declared, 1, event(A, 1), event(B, 1))
    run(book, declared, 2, event(A, 2, passed=True))
    book.pass_time(declared, at(61))
    assert len(told(book)) == 2
    book.pass_time(declared, at(62))
    assert told(book)[2:] == [["opened making scores/b[x]"]]


def test_a_muted_failure_without_its_cause_is_told(book: IncidentStore) -> None:
    run(book, rules(), 1, event(A, 1), event(B, 1))
    run(book, rules(), 2, event(A, 2, passed=True), event(B, 2))
    assert told(book)[1:] == [["recovered check few of raw/a", "opened making scores/b[x]"]]


def test_what_lasts_escalates_once_a_step(book: IncidentStore) -> None:
    declared = rules(
        escalate=[
            {"severity": "warning", "after_hours": 1, "to": "error"},
            {"severity": "error", "after_hours": 2, "to": "critical"},
        ]
    )
    run(book, declared, 0, event(A, 0, severity="warning"))
    for minutes in (59, 60, 61, 179, 180, 600):
        book.pass_time(declared, at(minutes))
    assert [(one.at, one.severity) for one in notices(book)] == [
        (at(0), "warning"), (at(60), "error"), (at(180), "critical"),
    ]  # fmt: skip
    assert notices(book)[1].changes[0].what == "escalated"


def test_repeated_failures_escalate(book: IncidentStore) -> None:
    declared = rules(escalate=[{"severity": "warning", "after_failures": 3, "to": "error"}])
    for minute in (1, 2, 3, 4):
        run(book, declared, minute, event(A, minute, severity="warning"))
    assert [one.changes[0].what for one in notices(book)] == ["opened", "escalated"]


def test_a_warning_that_comes_back_as_an_error_escalates(book: IncidentStore) -> None:
    run(book, rules(), 1, event(A, 1, severity="warning"))
    run(book, rules(), 2, event(A, 2, severity="error"))
    assert [one.changes[0].what for one in notices(book)] == ["opened", "escalated"]


QUIET = {"assets": "raw/*", "unless": "regressed"}


def test_what_is_quiet_is_kept_and_told_to_nobody(book: IncidentStore) -> None:
    declared = rules(quiet=[{"assets": "raw/*", "checks": ["few"]}])
    run(book, declared, 1, event(A, 1, passed=True))
    run(book, declared, 2, event(A, 2))
    assert [one.status for one in book.incidents()] == ["quiet"]
    run(book, declared, 3, event(A, 3, passed=True))
    assert told(book) == []


def test_a_check_that_never_passed_is_quiet_where_only_regressions_are_told(book: IncidentStore) -> None:
    declared = rules(quiet=[QUIET])
    run(book, declared, 1, event(A, 1))
    assert told(book) == []


def test_a_regression_is_told(book: IncidentStore) -> None:
    declared = rules(quiet=[QUIET])
    run(book, declared, 1, event(A, 1, passed=True))
    run(book, declared, 2, event(A, 2))
    assert told(book) == [["opened check few of raw/a"]]


def test_routes_go_by_severity_owner_and_group(book: IncidentStore) -> None:
    declared = rules(
        owners=[{"assets": "raw/*", "owner": "data"}, {"assets": "scores/*", "owner": "safety@team.example"}],
        routes=[
            {"to": ["file"]},
            {"severity": "error", "owners": ["data"], "to": ["DATA_URL"]},
            {"groups": ["scores"], "to": ["SCORES_URL", "file"]},
        ],
    )
    run(book, declared, 1, event(A, 1, severity="warning"), event(ALONE, 1, severity="warning"))
    run(book, declared, 2, event(A, 2))
    assert [len(told(book, target)) for target in ("file", "DATA_URL", "SCORES_URL")] == [2, 1, 1]
    assert told(book, "SCORES_URL") == [["opened check few of scores/alone"]]


def test_an_end_is_told_to_all_who_heard_of_it(book: IncidentStore) -> None:
    declared = rules(routes=[{"to": ["file"]}, {"severity": "critical", "to": ["PAGER"]}],
                     escalate=[{"severity": "error", "after_hours": 1, "to": "critical"}])  # fmt: skip
    run(book, declared, 0, event(A, 0))
    book.pass_time(declared, at(60))
    run(book, declared, 70, event(A, 70, passed=True))
    assert told(book, "PAGER") == [["escalated check few of raw/a"], ["recovered check few of raw/a"]]


def test_what_is_no_longer_declared_is_closed(book: IncidentStore) -> None:
    run(book, rules(), 1, event(A, 1))
    book.pass_time(rules(), at(2), lambda subject: subject.name != "few")
    assert book.incidents() == []
    assert notices(book)[1].changes[0].now == "no longer declared"


def test_what_this_project_does_not_declare_is_passed_over(book: IncidentStore) -> None:
    elsewhere = Subject(kind="check", asset="other/location", partition="2026-01-01", name="x")
    run(book, rules(), 1, event(elsewhere, 1))
    assert book.incidents(closed=True) == []


def test_two_books_at_once_take_a_run_once(book: IncidentStore, tmp_path: Path) -> None:
    other = IncidentStore(tmp_path / "book.sqlite", at(9))
    for one in (book, other):
        run(one, rules(), 1, event(A, 1))
    assert len(told(book)) == 1
    assert other.begins == START
    other.close()


def test_news_outside_any_run_is_taken_as_often_as_it_is_found(book: IncidentStore) -> None:
    for _ in range(3):
        book.take(Report(run=None, events=(event(A, 1),)), rules(), at(2))
    assert book.incidents()[0].failures == 1
    assert len(told(book)) == 1


def test_assets_that_were_not_made_are_counted(book: IncidentStore) -> None:
    book.take(Report(run="r", events=(event(A, 1),), left_out=4), rules(), at(1))
    assert "4 more assets of the run were not made." in notices(book)[0].body


def test_a_file_that_is_no_book_is_refused(tmp_path: Path) -> None:
    (tmp_path / "book.sqlite").write_text("no database, but long enough to be looked at as one" * 40)
    with pytest.raises(SgAssetsError, match=r"book of incidents\. file is not a database"):
        IncidentStore(tmp_path / "book.sqlite")
