"""The outbox: notices are stored before they are sent, and marked when they arrived."""

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from sg_assets.alerts.database import AlertDatabase
from sg_assets.alerts.incidents import IncidentChange, Notice, PendingNotice, RunOutcome
from sg_assets.alerts.notice_text import held_back_notice, notice_of
from sg_assets.alerts.rules import AlertRules

_FIRST_PAUSE = timedelta(seconds=30)
_LONGEST_PAUSE = timedelta(hours=1)


def queue_notices(
    writing: sqlite3.Connection,
    changes: Sequence[IncidentChange],
    rules: AlertRules,
    outcome: RunOutcome,
    now: datetime,
) -> None:
    """Queue the notices of changes that came together; targets with the same changes get the same notice."""
    by_target: dict[str, list[IncidentChange]] = {}
    for change in changes:
        for target in change.incident.targets:
            by_target.setdefault(target, []).append(change)
    targets_by_changes: dict[tuple[str, ...], list[str]] = {}
    for target, target_changes in by_target.items():
        targets_by_changes.setdefault(
            tuple(f"{change.kind} {change.incident.id}" for change in target_changes), []
        ).append(target)
    for targets in targets_by_changes.values():
        queue_notice(writing, notice_of(by_target[targets[0]], rules, outcome, now), targets)


def queue_notice(writing: sqlite3.Connection, notice: Notice, targets: Iterable[str]) -> None:
    """Put a notice into the outbox, for each of its targets."""
    writing.execute("INSERT INTO notices VALUES (?, ?)", (notice.id, notice.model_dump_json()))
    for target in targets:
        writing.execute("INSERT INTO deliveries (notice, target, state) VALUES (?, ?, 'waiting')", (notice.id, target))


class Outbox:
    """Notices to deliver, in the order they were queued."""

    def __init__(self, database: AlertDatabase) -> None:
        """The outbox in an open database."""
        self._database = database

    def waiting(self) -> list[PendingNotice]:
        """Notices that have not arrived yet, oldest first."""
        rows = self._database.rows(
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
        """How many notices a target has received since a time."""
        query = "SELECT count(*) FROM deliveries WHERE target = ? AND state = 'delivered' AND at > ?"
        return int(str(self._database.rows(query, target, since.timestamp())[0][0]))

    def trying(self, pending: PendingNotice, now: datetime) -> None:
        """Count an attempt before it is made, so that an attempt that is killed counts as well."""
        self._mark(pending, "waiting", now, pending.reason, attempts=pending.attempts + 1)

    def delivered(self, pending: PendingNotice, now: datetime) -> None:
        """Mark a notice as delivered."""
        self._mark(pending, "delivered", now, None, attempts=pending.attempts + 1)

    def failed(self, pending: PendingNotice, now: datetime, reason: str) -> None:
        """Store why an attempt failed; the notice stays in the outbox."""
        self._mark(pending, "waiting", now, reason, attempts=pending.attempts + 1)

    def hold_back(self, pending: PendingNotice, now: datetime) -> None:
        """Take a notice out of a target's queue: the target is over its limit, and gets a count later."""
        self._mark(pending, "held", now, None, attempts=pending.attempts)

    def count_held_back(self, rules: AlertRules, now: datetime) -> None:
        """For each target below its limit again, queue a notice that counts those held back."""
        since = now - timedelta(minutes=rules.declared.rate_limit.minutes)
        held = self._database.rows("SELECT DISTINCT target FROM deliveries WHERE state = 'held' ORDER BY target")
        for target in (str(name) for (name,) in held):
            if self.arrived_since(target, since) < rules.declared.rate_limit.notices:
                self._count(target, rules, now)

    def _count(self, target: str, rules: AlertRules, now: datetime) -> None:
        with self._database.transaction() as writing:
            rows = writing.execute(
                "SELECT body FROM deliveries JOIN notices ON notices.id = notice "
                "WHERE target = ? AND state = 'held' ORDER BY notices.rowid",
                (target,),
            ).fetchall()
            notices = [Notice.model_validate_json(body) for (body,) in rows]
            if notices:
                queue_notice(writing, held_back_notice(notices, rules, now), [target])
                writing.execute(
                    "UPDATE deliveries SET state = 'counted' WHERE target = ? AND state = 'held'", (target,)
                )

    def _mark(self, pending: PendingNotice, state: str, now: datetime, reason: str | None, *, attempts: int) -> None:
        with self._database.transaction() as writing:
            writing.execute(
                "UPDATE deliveries SET state = ?, attempts = ?, at = ?, reason = ? WHERE notice = ? AND target = ?",
                (state, attempts, now.timestamp(), reason, pending.notice.id, pending.target),
            )


def is_due(pending: PendingNotice, now: datetime) -> bool:
    """Whether it is time to try a notice: the first time at once, then after pauses that double."""
    if pending.tried is None:
        return True
    doubled: int = 2 ** min(pending.attempts - 1, 10)
    return now - pending.tried >= min(_FIRST_PAUSE * doubled, _LONGEST_PAUSE)
