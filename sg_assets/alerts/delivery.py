"""Bringing notices to their targets: at least once, in order, and not too many."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from filelock import FileLock, Timeout

from sg_assets.alerts.incident_store import IncidentStore
from sg_assets.alerts.incidents import Notice, PendingNotice
from sg_assets.alerts.outbox import Outbox, is_due
from sg_assets.alerts.rules import Rules
from sg_assets.alerts.senders import UndeliveredError, append_to_file, say_in_terminal, send_by_apprise

FILE = "alerts.jsonl"
"""Beside the book."""
_A_TICK = 50
"""Notices a target gets at a time; a sensor has a minute."""


@dataclass(frozen=True)
class Delivered:
    """What a round of deliveries came to."""

    arrived: int = 0
    failed: int = 0
    held_back: int = 0


Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The time, as everything here tells it."""
    return datetime.now(UTC)


def deliver(
    book: IncidentStore,
    rules: Rules,
    say: Callable[[str], None],
    *,
    now: Clock = utc_now,
    at_once: bool = False,
    patience: float = 0.0,
    environment: Mapping[str, str] | None = None,
) -> Delivered:
    """Try what is due. One process at a time does; what cannot be delivered stays for the next round.

    Args:
        book: Its outbox is emptied.
        rules: The rate limit, and the names for wording.
        say: Prints lines in the terminal.
        now: The clock.
        at_once: Whether to try again what failed a moment ago.
        patience: Seconds to wait for a process that is delivering.
        environment: Where variables are looked up; the process's own by default.

    Returns:
        How many arrived, failed, and were held back by the rate limit.
    """
    path = book.tables.path
    try:
        with FileLock(path.with_suffix(".delivering"), timeout=patience):
            return _Round(book, rules, say, now, environment if environment is not None else os.environ).run(at_once)
    except Timeout:
        return Delivered()  # whoever holds it delivers the same outbox


class _Round:
    def __init__(
        self, book: IncidentStore, rules: Rules, say: Callable[[str], None], now: Clock, environment: Mapping[str, str]
    ) -> None:
        self._outbox, self._rules, self._say, self._now = Outbox(book.tables), rules, say, now
        self._file = book.tables.path.with_name(FILE)
        self._environment = environment

    def run(self, at_once: bool) -> Delivered:
        self._outbox.count_held_back(self._rules, self._now())
        lines: dict[str, list[PendingNotice]] = {}
        for one in self._outbox.waiting():
            lines.setdefault(one.target, []).append(one)
        arrived = failed = held = 0
        for line in lines.values():
            if not at_once and not is_due(line[0], self._now()):
                continue
            for one in line[:_A_TICK]:
                if self._is_too_many(one):
                    self._outbox.hold_back(one, self._now())
                    held += 1
                elif self._try(one):
                    arrived += 1
                else:
                    failed += 1
                    break  # those behind it wait: a target hears of things in their order
        return Delivered(arrived, failed, held)

    def _is_too_many(self, one: PendingNotice) -> bool:
        limit = self._rules.declared.rate_limit
        if one.target == "file" or one.notice.kind == "held_back":
            return False
        since = self._now() - timedelta(minutes=limit.minutes)
        return self._outbox.arrived_since(one.target, since) >= limit.notices

    def _try(self, one: PendingNotice) -> bool:
        self._outbox.trying(one, self._now())
        try:
            self._send(one.notice, one.target, again=one.attempts > 0)
        except UndeliveredError as error:
            self._outbox.failed(one, self._now(), str(error))
            return False
        self._outbox.delivered(one, self._now())
        return True

    def _send(self, notice: Notice, target: str, *, again: bool) -> None:
        if target == "file":
            append_to_file(self._file, notice, again=again)
        elif target == "terminal":
            say_in_terminal(self._say, notice)
        else:
            send_by_apprise(self._environment.get(target), target, notice)
