"""Notices on their way to a real web server, a real mail server, a file and the terminal."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from sg_assets.alerts import delivery as delivering
from sg_assets.alerts import senders
from sg_assets.alerts.delivery import Delivered, deliver
from sg_assets.alerts.incident_store import IncidentStore
from sg_assets.alerts.incidents import Notice
from sg_assets.alerts.outbox import Outbox
from sg_assets.alerts.rules import Rules
from sg_assets_tests.alerts.receivers import Mailbox, Webhook
from sg_assets_tests.alerts.world import ALONE, START, A, at, event, notices, rules, run, waiting

TO_HOOK = rules(routes=[{"to": ["HOOK"]}])


@pytest.fixture
def book(tmp_path: Path) -> Iterator[IncidentStore]:
    opened = IncidentStore(tmp_path / "book.sqlite", START)
    yield opened
    opened.close()


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    with Webhook().serving() as serving:
        yield serving


def said(_: str) -> None:
    raise AssertionError("nothing goes to the terminal here")


def deliver_at(book: IncidentStore, of: Rules, minutes: float, **environment: str) -> Delivered:
    return deliver(book, of, said, now=lambda: at(minutes), environment=environment)


def break_and_mend(book: IncidentStore, of: Rules) -> None:
    run(book, of, 1, event(A, 1, value="failing 3"))
    run(book, of, 2, event(A, 2))
    run(book, of, 3, event(A, 3, passed=True))


def test_a_webhook_gets_one_notice_when_it_breaks_and_one_when_it_is_mended(
    book: IncidentStore, webhook: Webhook
) -> None:
    break_and_mend(book, TO_HOOK)
    assert deliver_at(book, TO_HOOK, 4, HOOK=webhook.url) == Delivered(arrived=2)
    assert deliver_at(book, TO_HOOK, 5, HOOK=webhook.url) == Delivered()
    assert webhook.titles == [
        "tiny: opened (error): check few of raw/a",
        "tiny: recovered: check few of raw/a",
    ]
    assert [one["type"] for one in webhook.received] == ["failure", "success"]
    assert "failing 3" in webhook.received[0]["message"]


def test_mail_arrives_as_it_was_written(book: IncidentStore) -> None:
    declared = rules(routes=[{"to": ["MAIL"]}])
    break_and_mend(book, declared)
    with Mailbox().serving() as mailbox:
        assert deliver_at(book, declared, 4, MAIL=mailbox.url) == Delivered(arrived=2)
    first, second = mailbox.received
    assert first["Subject"] == "tiny: opened (error): check few of raw/a"
    assert first["To"] == "ops@sg.example"
    assert second["Subject"] == "tiny: recovered: check few of raw/a"
    body = first.get_body(("plain",))
    assert body is not None
    assert body.get_content().split() == notices(book, "MAIL")[0].body.split()


def test_a_receiver_that_is_down_for_a_while_gets_all_in_order_and_once(book: IncidentStore, webhook: Webhook) -> None:
    webhook.is_down = True
    break_and_mend(book, TO_HOOK)
    for minutes in (4, 5, 6, 8):
        deliver_at(book, TO_HOOK, minutes, HOOK=webhook.url)
    assert webhook.received == []
    assert waiting(book) == ["HOOK", "HOOK"]
    webhook.is_down = False
    deliver_at(book, TO_HOOK, 30, HOOK=webhook.url)
    deliver_at(book, TO_HOOK, 60, HOOK=webhook.url)
    assert [one["message"].split()[-1] for one in webhook.received] == [one.id for one in notices(book, "HOOK")]


def test_pauses_between_attempts_grow_unless_asked_at_once(book: IncidentStore, webhook: Webhook) -> None:
    webhook.is_down = True
    run(book, TO_HOOK, 1, event(A, 1))
    for seconds in range(0, 3600, 30):
        deliver_at(book, TO_HOOK, 2 + seconds / 60, HOOK=webhook.url)
    assert webhook.refused == 7  # at 0, 30, 90, 210, 450, 930 and 1890 seconds
    deliver(book, TO_HOOK, said, now=lambda: at(62), environment={"HOOK": webhook.url}, at_once=True)
    assert webhook.refused == 8


def test_a_receiver_that_is_down_holds_up_no_other(book: IncidentStore, webhook: Webhook) -> None:
    declared = rules(routes=[{"to": ["GONE", "HOOK", "file"]}])
    run(book, declared, 1, event(A, 1))
    gone = "json://127.0.0.1:9/nobody"
    assert deliver_at(book, declared, 2, HOOK=webhook.url, GONE=gone) == Delivered(arrived=2, failed=1)
    assert waiting(book) == ["GONE"]


def test_a_reason_holds_no_part_of_the_url(book: IncidentStore, caplog: pytest.LogCaptureFixture) -> None:
    url = "json://user:hunter22@127.0.0.1:9/hook/s3cret-t0ken"
    run(book, TO_HOOK, 1, event(A, 1))
    with caplog.at_level(logging.DEBUG):
        deliver_at(book, TO_HOOK, 2, HOOK=url)
    (left,) = Outbox(book.tables).waiting()
    assert left.reason
    assert "127.0.0.1" not in left.reason
    for secret in ("hunter22", "s3cret"):
        assert secret not in left.reason + caplog.text
        assert secret.encode() not in book.tables.path.read_bytes()


@pytest.mark.parametrize(
    ("environment", "reason"),
    [
        ({}, "HOOK is not set here"),
        ({"HOOK": "nonsense"}, "HOOK holds no URL that apprise knows, or more than one"),
        ({"HOOK": "json://127.0.0.1:9,json://127.0.0.1:8"}, "HOOK holds no URL that apprise knows, or more than one"),
    ],
)
def test_what_cannot_be_sent_is_kept_with_the_reason(
    book: IncidentStore, environment: dict[str, str], reason: str
) -> None:
    run(book, TO_HOOK, 1, event(A, 1))
    deliver_at(book, TO_HOOK, 2, **environment)
    (left,) = Outbox(book.tables).waiting()
    assert (left.reason, left.attempts) == (reason, 1)


def test_more_than_the_limit_are_held_back_and_counted(book: IncidentStore, webhook: Webhook) -> None:
    declared = rules(routes=[{"to": ["HOOK", "file"]}], rate_limit={"notices": 3, "minutes": 60})
    for minute in range(10):
        run(book, declared, minute, event(A, minute, passed=minute % 2 == 1))
    assert deliver_at(book, declared, 10, HOOK=webhook.url) == Delivered(arrived=13, held_back=7)
    deliver_at(book, declared, 40, HOOK=webhook.url)
    assert len(webhook.received) == 3
    deliver_at(book, declared, 71, HOOK=webhook.url)
    deliver_at(book, declared, 75, HOOK=webhook.url)
    assert webhook.titles[3:] == ["tiny: 7 notices were held back"]
    assert webhook.received[3]["message"].count("- tiny: ") == 7
    assert len(book.tables.path.with_name("alerts.jsonl").read_text().splitlines()) == 10


def test_the_terminal_shows_a_notice_line_by_line(book: IncidentStore) -> None:
    declared = rules(routes=[{"to": ["terminal"]}])
    run(book, declared, 1, event(A, 1))
    lines: list[str] = []
    deliver(book, declared, lines.append, now=lambda: at(2))
    assert lines[0] == "! alert  tiny: opened (error): check few of raw/a"
    assert lines[1] == "    opened (error): check few of raw/a"


def test_a_kill_after_sending_sends_again_with_the_same_id(
    book: IncidentStore, webhook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(book, TO_HOOK, 1, event(A, 1))
    with monkeypatch.context() as killed:
        killed.setattr(Outbox, "delivered", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            deliver_at(book, TO_HOOK, 2, HOOK=webhook.url)
    deliver_at(book, TO_HOOK, 3, HOOK=webhook.url)
    first, second = (one["message"] for one in webhook.received)
    assert first == second


def test_a_kill_after_a_line_was_written_writes_no_second(book: IncidentStore, monkeypatch: pytest.MonkeyPatch) -> None:
    run(book, rules(), 1, event(A, 1))
    with monkeypatch.context() as killed:
        killed.setattr(Outbox, "delivered", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            deliver_at(book, rules(), 2)
    deliver_at(book, rules(), 3)
    (line,) = book.tables.path.with_name("alerts.jsonl").read_text().splitlines()
    assert json.loads(line)["changes"][0]["what"] == "opened"


def test_a_torn_line_loses_itself_alone(tmp_path: Path, book: IncidentStore) -> None:
    path = tmp_path / "alerts.jsonl"
    path.write_text('{"id": "to')
    run(book, rules(), 1, event(A, 1))
    deliver_at(book, rules(), 2)
    torn, whole = path.read_text().splitlines()
    assert torn == '{"id": "to'
    assert Notice.model_validate_json(whole).id == notices(book)[0].id


def test_while_one_process_delivers_another_does_not(book: IncidentStore) -> None:
    run(book, rules(), 1, event(A, 1))
    with FileLock(book.tables.path.with_suffix(".delivering")):
        assert deliver_at(book, rules(), 2) == Delivered()
    assert deliver_at(book, rules(), 3) == Delivered(arrived=1)


def test_a_file_that_cannot_be_written_is_a_reason(book: IncidentStore, tmp_path: Path) -> None:
    (tmp_path / delivering.FILE).mkdir()
    run(book, rules(), 1, event(ALONE, 1))
    assert deliver_at(book, rules(), 2) == Delivered(failed=1)
    (left,) = Outbox(book.tables).waiting()
    assert left.reason == "alerts.jsonl cannot be written: Is a directory"


def test_apprise_is_imported_only_to_send(book: IncidentStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "apprise", None)
    run(book, rules(), 1, event(A, 1))
    assert deliver_at(book, rules(), 2) == Delivered(arrived=1)
    with pytest.raises(ImportError):
        senders.send_by_apprise("json://127.0.0.1", "HOOK", notices(book)[0])
