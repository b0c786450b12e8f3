"""Rounds of deliveries: order, retries and kills."""

import pytest
from filelock import FileLock

from sg_assets.alerts.delivery import DeliveryCounts
from sg_assets.alerts.incident_store import IncidentStore
from sg_assets.alerts.outbox import Outbox
from sg_assets_tests.alerts.receivers import Webhook
from sg_assets_tests.alerts.world import TO_HOOK, A, break_and_mend, deliver_at, event, notices, rules, run, waiting


def test_a_webhook_gets_one_notice_when_it_breaks_and_one_when_it_is_mended(
    store: IncidentStore, webhook: Webhook
) -> None:
    break_and_mend(store, TO_HOOK)
    assert deliver_at(store, TO_HOOK, 4, HOOK=webhook.url) == DeliveryCounts(arrived=2)
    assert deliver_at(store, TO_HOOK, 5, HOOK=webhook.url) == DeliveryCounts()
    assert webhook.titles == [
        "tiny: opened (error): check few of raw/a",
        "tiny: recovered: check few of raw/a",
    ]
    assert [message["type"] for message in webhook.received] == ["failure", "success"]
    assert "failing 3" in webhook.received[0]["message"]


def test_a_receiver_that_is_down_for_a_while_gets_all_in_order_and_once(store: IncidentStore, webhook: Webhook) -> None:
    webhook.is_down = True
    break_and_mend(store, TO_HOOK)
    for minutes in (4, 5, 6, 8):
        deliver_at(store, TO_HOOK, minutes, HOOK=webhook.url)
    assert webhook.received == []
    assert waiting(store) == ["HOOK", "HOOK"]
    webhook.is_down = False
    deliver_at(store, TO_HOOK, 30, HOOK=webhook.url)
    deliver_at(store, TO_HOOK, 60, HOOK=webhook.url)
    assert [message["message"].split()[-1] for message in webhook.received] == [
        message.id for message in notices(store, "HOOK")
    ]


def test_a_receiver_that_is_down_holds_up_no_other(store: IncidentStore, webhook: Webhook) -> None:
    declared = rules(routes=[{"to": ["GONE", "HOOK", "file"]}])
    run(store, declared, 1, event(A, 1))
    gone = "json://127.0.0.1:9/nobody"
    assert deliver_at(store, declared, 2, HOOK=webhook.url, GONE=gone) == DeliveryCounts(arrived=2, failed=1)
    assert waiting(store) == ["GONE"]


def test_a_kill_after_sending_sends_again_with_the_same_id(
    store: IncidentStore, webhook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(store, TO_HOOK, 1, event(A, 1))
    with monkeypatch.context() as killed:
        killed.setattr(Outbox, "delivered", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            deliver_at(store, TO_HOOK, 2, HOOK=webhook.url)
    deliver_at(store, TO_HOOK, 3, HOOK=webhook.url)
    first, second = (message["message"] for message in webhook.received)
    assert first == second


def test_while_one_process_delivers_another_does_not(store: IncidentStore) -> None:
    run(store, rules(), 1, event(A, 1))
    with FileLock(store.database.path.with_suffix(".delivering")):
        assert deliver_at(store, rules(), 2) == DeliveryCounts()
    assert deliver_at(store, rules(), 3) == DeliveryCounts(arrived=1)
