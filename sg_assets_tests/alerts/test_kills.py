"""Whatever happens in whatever order, and whenever the process ends."""

import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sg_assets.alerts import database
from sg_assets.alerts.incident_store import IncidentStore
from sg_assets_tests.alerts.world import (
    ALONE,
    START,
    A,
    event,
    notices,
    rules,
    run,
    sent_changes,
)

HAPPENED = st.lists(st.tuples(st.sampled_from([A, ALONE]), st.booleans()), max_size=12)


class KilledError(Exception):
    """The process ended here."""


class Dying(sqlite3.Connection):
    """A connection that ends before the statement with a number; all statements of the process count."""

    left = 0

    def execute(self, *arguments: object) -> sqlite3.Cursor:
        Dying.left -= 1
        if Dying.left < 0:
            self.close()  # as the system does for a dead process: nothing is committed, nothing rolled back
            raise KilledError
        return super().execute(*arguments)  # type: ignore[arg-type]

    def rollback(self) -> None:
        """Not called by the dead."""


def connect_dying(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, factory=Dying)
    sqlite3.Connection.execute(connection, "PRAGMA synchronous = OFF")
    return connection


def changes(happened: list[tuple[object, bool]]) -> int:
    """How often a subject's state changes, each beginning as if it passed."""
    last: dict[object, bool] = {}
    count = 0
    for subject, passed in happened:
        count += last.get(subject, True) != passed
        last[subject] = passed
    return count


@settings(max_examples=60)
@given(HAPPENED)
def test_there_is_one_notice_per_change_of_state(happened: list[tuple[object, bool]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = IncidentStore(Path(folder) / "alerts.sqlite", START)
        for minute, (subject, passed) in enumerate(happened, start=1):
            run(store, rules(), minute, event(subject, minute, passed=passed))  # type: ignore[arg-type]
        assert len(notices(store)) == changes(happened)
        store.close()


def record_events(path: Path) -> None:
    store = IncidentStore(path, START)
    try:
        for minute, passed in enumerate([False, False, True, False], start=1):
            run(store, rules(), minute, event(A, minute, passed=passed), event(ALONE, minute))
        store.apply_time(rules(), START)
    finally:
        store.close()


def test_a_kill_before_any_statement_loses_nothing_and_repeats_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record_events(tmp_path / "undisturbed.sqlite")
    undisturbed = IncidentStore(tmp_path / "undisturbed.sqlite")
    killed = 0
    while True:
        path = tmp_path / f"{killed}.sqlite"
        with monkeypatch.context() as patched:
            patched.setattr(database, "connect", connect_dying)
            Dying.left = killed
            try:
                record_events(path)
                break
            except KilledError:
                killed += 1
        record_events(path)
        store = IncidentStore(path)
        assert sent_changes(store) == sent_changes(undisturbed)
        assert [incident.failures for incident in store.incidents(closed=True)] == [
            incident.failures for incident in undisturbed.incidents(closed=True)
        ]
        store.close()
    undisturbed.close()
    assert killed > 50


WRITER = """
import sys
from pathlib import Path
from sg_assets.alerts.incident_store import IncidentStore
from sg_assets_tests.alerts.world import *
store = IncidentStore(Path(sys.argv[1]), START)
for minute in range(1, 100_000):
    run(store, rules(), minute, event(A, minute, passed=minute % 2 == 0))
    print(minute, flush=True)
"""


@pytest.mark.slow
def test_what_was_entered_before_a_kill_is_there_after_it(tmp_path: Path) -> None:
    command = [sys.executable, "-c", WRITER, str(tmp_path / "alerts.sqlite")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        for line in writer.stdout:
            if int(line) == 25:
                break
        os.kill(writer.pid, signal.SIGKILL)
    store = IncidentStore(tmp_path / "alerts.sqlite")
    assert len(notices(store)) >= 25
    last = len(notices(store))
    run(store, rules(), last, event(A, last))  # taken before: nothing happens
    assert len(notices(store)) == last
    store.close()
