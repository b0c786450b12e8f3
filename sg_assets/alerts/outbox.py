"""Notices on their way: written before they are sent, marked when they arrived."""

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from sg_assets.alerts.database import AlertDatabase
from sg_assets.alerts.incidents import Change, Notice, PendingNotice, Report
from sg_assets.alerts.notice_text import held_back, notice_of
from sg_assets.alerts.rules import Rules

_FIRST_PAUSE = timedelta(seconds=30)
_LONGEST_PAUSE = timedelta(hours=1)


def announce(
    writing: sqlite3.Connection, changes: Sequence[Change], rules: Rules, report: Report, now: datetime
) -> None:
    """Write the notices of changes that came together: one for all targets that are told the same of them."""
    told: dict[str, list[Change]] = {}
    for change in changes:
        for target in change.incident.targets:
            told.setdefault(target, []).append(change)
    same: dict[tuple[str, ...], list[str]] = {}
    for target, of in told.items():
        same.setdefault(tuple(f"{one.what} {one.incident.id}" for one in of), []).append(target)
    for targets in same.values():
        write(writing, notice_of(told[targets[0]], rules, report, now), targets)


def write(writing: sqlite3.Connection, notice: Notice, targets: Iterable[str]) -> None:
    """Put a notice into the outbox."""
    writing.execute("INSERT INTO notices VALUES (?, ?)", (notice.id, notice.model_dump_json()))
    for target in targets:
        writing.execute("INSERT INTO deliveries (notice, target, state) VALUES (?, ?, 'waiting')", (notice.id, target))


class Outbox:
    """What is to be delivered, target by target, in the order it was written."""

    def __init__(self, tables: AlertDatabase) -> None:
        """Of an open book."""
        self._tables = tables

    def waiting(self) -> list[PendingNotice]:
        """Everything that did not arrive yet, oldest first."""
        rows = self._tables.rows(
            "SELECT body, target, attempts, at, reason FROM deliveries JOIN notices ON notices.id = notice "
            "WHERE state = 'waiting' ORDER BY notices.rowid, target"
        )
        return [
            PendingNotice(
                notice=Notice.model_validate_json(str(body)),
                target=str(target),
                attempts=int(str(attempts)),
                tried=None if at is None else datetime.fromtimestamp(float(str(at)), UTC),
                reason=None if reason is None else str(reason),
            )
            for body, target, attempts, at, reason in rows
        ]

    def arrived_since(self, target: str, since: datetime) -> int:
        """How many notices a target got since a time."""
        query = "SELECT count(*) FROM deliveries WHERE target = ? AND state = 'delivered' AND at > ?"
        return int(str(self._tables.rows(query, target, since.timestamp())[0][0]))

    def trying(self, one: PendingNotice, now: datetime) -> None:
        """Count an attempt before it is made: what was killed in it is known to have been begun."""
        self._mark(one, "waiting", now, one.reason, attempts=one.attempts + 1)

    def delivered(self, one: PendingNotice, now: datetime) -> None:
        """Mark what arrived."""
        self._mark(one, "delivered", now, None, attempts=one.attempts + 1)

    def failed(self, one: PendingNotice, now: datetime, reason: str) -> None:
        """Keep why an attempt failed; the notice stays."""
        self._mark(one, "waiting", now, reason, attempts=one.attempts + 1)

    def hold_back(self, one: PendingNotice, now: datetime) -> None:
        """Take a notice out of a target's line: it got too many, and will get a count."""
        self._mark(one, "held", now, None, attempts=one.attempts)

    def count_held_back(self, rules: Rules, now: datetime) -> None:
        """For each target that may get notices again, write one that counts what was held back."""
        since = now - timedelta(minutes=rules.declared.rate_limit.minutes)
        held = self._tables.rows("SELECT DISTINCT target FROM deliveries WHERE state = 'held' ORDER BY target")
        for target in (str(one) for (one,) in held):
            if self.arrived_since(target, since) < rules.declared.rate_limit.notices:
                self._count(target, rules, now)

    def _count(self, target: str, rules: Rules, now: datetime) -> None:
        with self._tables.transaction() as writing:
            rows = writing.execute(
                "SELECT body FROM deliveries JOIN notices ON notices.id = notice "
                "WHERE target = ? AND state = 'held' ORDER BY notices.rowid",
                (target,),
            ).fetchall()
            notices = [Notice.model_validate_json(body) for (body,) in rows]
            if notices:
                write(writing, held_back(notices, rules, now), [target])
                writing.execute(
                    "UPDATE deliveries SET state = 'counted' WHERE target = ? AND state = 'held'", (target,)
                )

    def _mark(self, one: PendingNotice, state: str, now: datetime, reason: str | None, *, attempts: int) -> None:
        with self._tables.transaction() as writing:
            writing.execute(
                "UPDATE deliveries SET state = ?, attempts = ?, at = ?, reason = ? WHERE notice = ? AND target = ?",
                (state, attempts, now.timestamp(), reason, one.notice.id, one.target),
            )


def is_due(one: PendingNotice, now: datetime) -> bool:
    """Whether it is time to try again: at once first, then after pauses that double."""
    if one.tried is None:
        return True
    doubled: int = 2 ** min(one.attempts - 1, 10)
    return now - one.tried >= min(_FIRST_PAUSE * doubled, _LONGEST_PAUSE)
