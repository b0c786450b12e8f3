"""Notices sent to a real web server, a real mail server, a file and the terminal."""

import json
import logging
from pathlib import Path

import pytest

from sg_assets.alerts import delivery, senders
from sg_assets.alerts.delivery import DeliveryCounts, deliver
from sg_assets.alerts.incident_store import IncidentStore
from sg_assets.alerts.incidents import Notice
from sg_assets.alerts.outbox import Outbox
from sg_assets_tests.alerts.receivers import Mailbox
from sg_assets_tests.alerts.world import (
    ALONE,
    TO_HOOK,
    A,
    at,
    break_and_mend,
    deliver_at,
    event,
    notices,
    rules,
    run,
)


def test_mail_arrives_as_it_was_written(store: IncidentStore) -> None:
    declared = rules(routes=[{"to": ["MAIL"]}])
    break_and_mend(store, declared)
    with Mailbox().serving() as mailbox:
        assert deliver_at(store, declared, 4, MAIL=mailbox.url) == DeliveryCounts(arrived=2)
    first, second = mailbox.received
    assert first["Subject"] == "tiny: opened (error): check few of raw/a"
    assert first["To"] == "ops@sg.example"
    assert second["Subject"] == "tiny: recovered: check few of raw/a"
    body = first.get_body(("plain",))
    assert body is not None
    assert body.get_content().split() == notices(store, "MAIL")[0].body.split()


def test_a_reason_holds_no_part_of_the_url(store: IncidentStore, caplog: pytest.LogCaptureFixture) -> None:
    url = "json://user:hunter22@127.0.0.1:9/hook/s3cret-t0ken"
    run(store, TO_HOOK, 1, event(A, 1))
    with caplog.at_level(logging.DEBUG):
        deliver_at(store, TO_HOOK, 2, HOOK=url)
    (left,) = Outbox(store.database).waiting()
    assert left.reason
    assert "127.0.0.1" not in left.reason
    for secret in ("hunter22", "s3cret"):
        assert secret not in left.reason + caplog.text
        assert secret.encode() not in store.database.path.read_bytes()


@pytest.mark.parametrize(
    ("environment", "reason"),
    [
        ({}, "HOOK is not set here"),
        ({"HOOK": "nonsense"}, "HOOK holds no URL that apprise knows, or more than one"),
        ({"HOOK": "json://127.0.0.1:9,json://127.0.0.1:8"}, "HOOK holds no URL that apprise knows, or more than one"),
    ],
)
def test_what_cannot_be_sent_is_kept_with_the_reason(
    store: IncidentStore, environment: dict[str, str], reason: str
) -> None:
    run(store, TO_HOOK, 1, event(A, 1))
    deliver_at(store, TO_HOOK, 2, **environment)
    (left,) = Outbox(store.database).waiting()
    assert (left.reason, left.attempts) == (reason, 1)


def test_the_terminal_shows_a_notice_line_by_line(store: IncidentStore) -> None:
    declared = rules(routes=[{"to": ["terminal"]}])
    run(store, declared, 1, event(A, 1))
    lines: list[str] = []
    deliver(store, declared, lines.append, now=lambda: at(2))
    assert lines[0] == "! alert  tiny: opened (error): check few of raw/a"
    assert lines[1] == "    opened (error): check few of raw/a"


def test_a_kill_after_a_line_was_written_writes_no_second(
    store: IncidentStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(store, rules(), 1, event(A, 1))
    with monkeypatch.context() as killed:
        killed.setattr(Outbox, "delivered", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            deliver_at(store, rules(), 2)
    deliver_at(store, rules(), 3)
    (line,) = store.database.path.with_name("alerts.jsonl").read_text().splitlines()
    assert json.loads(line)["changes"][0]["what"] == "opened"


def test_a_torn_line_loses_itself_alone(tmp_path: Path, store: IncidentStore) -> None:
    path = tmp_path / "alerts.jsonl"
    path.write_text('{"id": "to')
    run(store, rules(), 1, event(A, 1))
    deliver_at(store, rules(), 2)
    torn, whole = path.read_text().splitlines()
    assert torn == '{"id": "to'
    assert Notice.model_validate_json(whole).id == notices(store)[0].id


def test_a_file_that_cannot_be_written_is_a_reason(store: IncidentStore, tmp_path: Path) -> None:
    (tmp_path / delivery.FILE).mkdir()
    run(store, rules(), 1, event(ALONE, 1))
    assert deliver_at(store, rules(), 2) == DeliveryCounts(failed=1)
    (left,) = Outbox(store.database).waiting()
    assert left.reason == "alerts.jsonl cannot be written: Is a directory"


def test_apprise_is_imported_only_to_send(store: IncidentStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "apprise", None)
    run(store, rules(), 1, event(A, 1))
    assert deliver_at(store, rules(), 2) == DeliveryCounts(arrived=1)
    with pytest.raises(ImportError):
        senders.send_by_apprise("json://127.0.0.1", "HOOK", notices(store)[0])
