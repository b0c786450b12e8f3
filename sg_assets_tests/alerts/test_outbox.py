"""The outbox: queued notices, and when they are tried again."""

from sg_assets.alerts.delivery import DeliveryCounts, deliver
from sg_assets.alerts.incident_store import IncidentStore
from sg_assets_tests.alerts.receivers import Webhook
from sg_assets_tests.alerts.world import (
    ALONE,
    TO_HOOK,
    A,
    at,
    deliver_at,
    event,
    no_terminal,
    notices,
    rules,
    run,
    sent_changes,
)


def test_all_that_a_run_changed_is_one_notice(store: IncidentStore) -> None:
    run(store, rules(), 1, event(A, 1), event(ALONE, 1))
    run(store, rules(), 2, event(A, 2, passed=True), event(ALONE, 2, passed=True))
    assert [len(changes) for changes in sent_changes(store)] == [2, 2]
    assert notices(store)[0].title == "tiny: opened (error): check few of raw/a, and 1 more"


def test_an_end_is_told_to_all_who_heard_of_it(store: IncidentStore) -> None:
    declared = rules(routes=[{"to": ["file"]}, {"severity": "critical", "to": ["PAGER"]}],
                     escalate=[{"severity": "error", "after_hours": 1, "to": "critical"}])  # fmt: skip
    run(store, declared, 0, event(A, 0))
    store.apply_time(declared, at(60))
    run(store, declared, 70, event(A, 70, passed=True))
    assert sent_changes(store, "PAGER") == [["escalated check few of raw/a"], ["recovered check few of raw/a"]]


def test_pauses_between_attempts_grow_unless_asked_at_once(store: IncidentStore, webhook: Webhook) -> None:
    webhook.is_down = True
    run(store, TO_HOOK, 1, event(A, 1))
    for seconds in range(0, 3600, 30):
        deliver_at(store, TO_HOOK, 2 + seconds / 60, HOOK=webhook.url)
    assert webhook.refused == 7  # at 0, 30, 90, 210, 450, 930 and 1890 seconds
    deliver(store, TO_HOOK, no_terminal, now=lambda: at(62), environment={"HOOK": webhook.url}, at_once=True)
    assert webhook.refused == 8


def test_more_than_the_limit_are_held_back_and_counted(store: IncidentStore, webhook: Webhook) -> None:
    declared = rules(routes=[{"to": ["HOOK", "file"]}], rate_limit={"notices": 3, "minutes": 60})
    for minute in range(10):
        run(store, declared, minute, event(A, minute, passed=minute % 2 == 1))
    assert deliver_at(store, declared, 10, HOOK=webhook.url) == DeliveryCounts(arrived=13, held_back=7)
    deliver_at(store, declared, 40, HOOK=webhook.url)
    assert len(webhook.received) == 3
    deliver_at(store, declared, 71, HOOK=webhook.url)
    deliver_at(store, declared, 75, HOOK=webhook.url)
    assert webhook.titles[3:] == ["tiny: 7 notices were held back"]
    assert webhook.received[3]["message"].count("- tiny: ") == 7
    assert len(store.database.path.with_name("alerts.jsonl").read_text().splitlines()) == 10
