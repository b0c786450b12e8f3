"""Delivery of notices to their targets: at least once, in order, and within the rate limit."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from filelock import FileLock, Timeout

from sg_assets.alerts.incident_store import IncidentStore
from sg_assets.alerts.incidents import Notice, PendingNotice
from sg_assets.alerts.outbox import Outbox, is_due
from sg_assets.alerts.rules import AlertRules
from sg_assets.alerts.senders import UndeliveredError, append_to_file, print_in_terminal, send_by_apprise

FILE = "alerts.jsonl"
"""The file of notices, next to the database."""
_BATCH_SIZE = 50
"""Notices a target gets in a round; a sensor has a minute for all targets."""


@dataclass(frozen=True)
class DeliveryCounts:
    """How many notices a round of deliveries sent, failed to send, and held back."""

    arrived: int = 0
    failed: int = 0
    held_back: int = 0
    """Notices beyond a target's rate limit; it gets a count of them later."""


Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The current time in UTC."""
    return datetime.now(UTC)


def deliver(
    store: IncidentStore,
    rules: AlertRules,
    print_line: Callable[[str], None],
    *,
    now: Clock = utc_now,
    at_once: bool = False,
    patience: float = 0.0,
    environment: Mapping[str, str] | None = None,
) -> DeliveryCounts:
    """Send the notices that are due, from one process at a time; a notice that cannot be sent waits for the next round.

    Args:
        store: The incident store whose outbox is delivered.
        rules: The rate limit, and the profile's name.
        print_line: Prints a line in the terminal.
        now: The clock.
        at_once: Whether to retry without waiting for the pause after a failure.
        patience: Seconds to wait for another process that is delivering.
        environment: Environment variables; the process's own by default.

    Returns:
        How many notices arrived, failed, and were held back by the rate limit.
    """
    path = store.database.path
    try:
        with FileLock(path.with_suffix(".delivering"), timeout=patience):
            return _Round(store, rules, print_line, now, environment if environment is not None else os.environ).run(
                at_once
            )
    except Timeout:
        return DeliveryCounts()  # the process that holds the lock delivers the same outbox


class _Round:
    def __init__(
        self,
        store: IncidentStore,
        rules: AlertRules,
        print_line: Callable[[str], None],
        now: Clock,
        environment: Mapping[str, str],
    ) -> None:
        self._outbox, self._rules, self._print_line, self._now = Outbox(store.database), rules, print_line, now
        self._file = store.database.path.with_name(FILE)
        self._environment = environment

    def run(self, at_once: bool) -> DeliveryCounts:
        self._outbox.count_held_back(self._rules, self._now())
        queues: dict[str, list[PendingNotice]] = {}
        for pending in self._outbox.waiting():
            queues.setdefault(pending.target, []).append(pending)
        arrived = failed = held_back = 0
        for queue in queues.values():
            if not at_once and not is_due(queue[0], self._now()):
                continue
            for pending in queue[:_BATCH_SIZE]:
                if self._exceeds_rate_limit(pending):
                    self._outbox.hold_back(pending, self._now())
                    held_back += 1
                elif self._try(pending):
                    arrived += 1
                else:
                    failed += 1
                    break  # later notices wait: a target gets them in order
        return DeliveryCounts(arrived, failed, held_back)

    def _exceeds_rate_limit(self, pending: PendingNotice) -> bool:
        limit = self._rules.declared.rate_limit
        if pending.target == "file" or pending.notice.kind == "held_back":
            return False
        since = self._now() - timedelta(minutes=limit.minutes)
        return self._outbox.arrived_since(pending.target, since) >= limit.notices

    def _try(self, pending: PendingNotice) -> bool:
        self._outbox.trying(pending, self._now())
        try:
            self._send(pending.notice, pending.target, again=pending.attempts > 0)
        except UndeliveredError as error:
            self._outbox.failed(pending, self._now(), str(error))
            return False
        self._outbox.delivered(pending, self._now())
        return True

    def _send(self, notice: Notice, target: str, *, again: bool) -> None:
        if target == "file":
            append_to_file(self._file, notice, again=again)
        elif target == "terminal":
            print_in_terminal(self._print_line, notice)
        else:
            send_by_apprise(self._environment.get(target), target, notice)
