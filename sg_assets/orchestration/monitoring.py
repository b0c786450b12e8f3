"""From Dagster's records to incidents and notices: by a sensor beside the daemon, or at the end of `sg-assets run`.

Both do the same with the same book. Whoever comes second finds a run taken and a notice delivered.
"""

import sqlite3
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import dagster as dg
from dagster._core.event_api import EventLogCursor
from dagster._core.storage.dagster_run import FINISHED_STATUSES

from sg_assets.alerts.database import AlertDatabase
from sg_assets.alerts.delivery import Clock, Delivered, deliver, utc_now
from sg_assets.alerts.incident_store import IncidentStore
from sg_assets.alerts.incidents import Subject
from sg_assets.alerts.rules import Rules
from sg_assets.errors import SgAssetsError
from sg_assets.orchestration.assets.external_sources import freshness_checks, observe, observed_sources
from sg_assets.orchestration.project import Project
from sg_assets.orchestration.project_status import STATUS
from sg_assets.orchestration.run_events import READ, report_of_run, report_of_runless

BOOK = "alerts.sqlite"
"""In the profile's home."""
_OVERLAP = timedelta(hours=1)
"""How far back finished runs are looked for again: records are not seen in the order of their times."""
_SETTLED = timedelta(minutes=5)
"""After this long no event is written before one that was read."""
_RUNLESS = ""
_CURSOR, _SEEN_UNTIL = "runless_cursor", "runs_until"
_PATIENCE = 30.0
"""Seconds a run waits at its end for another process's deliveries."""
Say = Callable[[str], None]


def printed(line: str) -> None:
    """Print a line beside what a command shows."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def book_path(project: Project) -> Path:
    """Where a profile's incidents are."""
    return project.settings.home / BOOK


def rules_of(project: Project) -> Rules:
    """What is declared of a project's alerts."""
    beside = frozenset({STATUS, *(one.asset for one in observed_sources(project))})
    return Rules(project.settings.profile, project.declared.alerts, project.graph, beside)


@contextmanager
def opened_book(project: Project, now: Clock = utc_now) -> Iterator[IncidentStore]:
    """The profile's book, begun where there is none."""
    book = IncidentStore(book_path(project), now())
    try:
        yield book
    finally:
        book.close()


def watch(
    instance: dg.DagsterInstance,
    project: Project,
    say: Say,
    *,
    now: Clock = utc_now,
    is_known: Callable[[Subject], bool] = lambda _: True,
    patience: float = 0.0,
) -> Delivered:
    """Take what happened since the last time, and deliver what is to be told of it.

    Args:
        instance: Dagster's records.
        project: Its declarations say what matters to whom.
        say: Prints lines in the terminal.
        now: The clock.
        is_known: Whether something may still fail or pass; incidents of what may not are closed.
        patience: Seconds to wait for a process that is delivering.
    """
    rules = rules_of(project)
    with opened_book(project, now) as book:
        take(instance, book, rules, now())
        book.pass_time(rules, now(), is_known)
        return deliver(book, rules, say, now=now, patience=patience)


def retry_deliveries(project: Project, say: Say) -> Delivered:
    """Try at once what is in the outbox, whenever it was tried last."""
    with opened_book(project) as book:
        return deliver(book, rules_of(project), say, at_once=True, patience=_PATIENCE)


@contextmanager
def watched(
    instance: dg.DagsterInstance, project: Project, say: Say, is_known: Callable[[Subject], bool]
) -> Iterator[set[str]]:
    """Around runs: takes what ended before them, and tells at their end what there is to tell, however they end.

    Yields:
        The asset partitions that something stopped: only a run of them can say that they recovered.
    """
    rules = rules_of(project)
    with opened_book(project) as book:
        take(instance, book, rules, utc_now())
        unsettled = book.unsettled()
    try:
        yield unsettled
    finally:
        try:
            watch(instance, project, say, is_known=is_known, patience=_PATIENCE)
        except (SgAssetsError, sqlite3.Error, OSError) as error:  # nothing is lost: the next run takes it up
            say(f"alerts could not be raised: {error}")


def take(instance: dg.DagsterInstance, book: IncidentStore, rules: Rules, now: datetime) -> None:
    """Enter every run that ended and was not entered yet, and what was reported outside any run."""
    until = book.tables.meta(_SEEN_UNTIL)
    since = book.begins if until is None else max(book.begins, datetime.fromisoformat(until) - _OVERLAP)
    finished = dg.RunsFilter(statuses=list(FINISHED_STATUSES), updated_after=since)
    for record in instance.get_run_records(finished, order_by="update_timestamp", ascending=True):
        run = record.dagster_run
        if not book.has_taken(run.run_id):
            report = report_of_run(run, instance.all_logs(run.run_id, of_type=READ), rules.place)
            book.take(report, rules, now)
    _take_runless(instance, book, rules, now)
    book.remember(_SEEN_UNTIL, now.isoformat())


def _take_runless(instance: dg.DagsterInstance, book: IncidentStore, rules: Rules, now: datetime) -> None:
    cursor = book.tables.meta(_CURSOR)
    records = instance.get_records_for_run(_RUNLESS, cursor=cursor, of_type=READ).records
    recent = [one.event_log_entry for one in records if one.timestamp >= book.begins.timestamp()]
    if recent:
        book.take(report_of_runless(recent), rules, now)
    settled = [one for one in records if one.timestamp < (now - _SETTLED).timestamp()]
    if settled:
        book.remember(_CURSOR, EventLogCursor.from_storage_id(settled[-1].storage_id).to_string())


def freshness_checks_of(project: Project) -> list[dg.AssetChecksDefinition]:
    """The checks of observed sources."""
    return freshness_checks(project, lambda: AlertDatabase(book_path(project)), utc_now)


def watching_sensors(project: Project) -> list[dg.SensorDefinition]:
    """The sensors that raise alerts; they run where the profile has anywhere to send them."""
    routed = bool(project.declared.alerts.routes)
    status = dg.DefaultSensorStatus.RUNNING if routed else dg.DefaultSensorStatus.STOPPED

    @dg.sensor(minimum_interval_seconds=30, default_status=status)
    def alerts(context: dg.SensorEvaluationContext) -> dg.SkipReason:
        """Opens, escalates and closes incidents by what Dagster records, and delivers their notices."""
        told = watch(context.instance, project, printed, is_known=_declared_by(context))
        return dg.SkipReason(f"{told.arrived} notices delivered, {told.failed} failed, {told.held_back} held back")

    @dg.sensor(minimum_interval_seconds=60, default_status=dg.DefaultSensorStatus.RUNNING)
    def sources(context: dg.SensorEvaluationContext) -> dg.SkipReason:
        """Looks at what lies outside: tells Dagster of new content, and of a source that is overdue."""
        changed = observe_sources(context.instance, project)
        return dg.SkipReason(f"changed: {', '.join(changed)}" if changed else "nothing changed")

    return [alerts, *([sources] if observed_sources(project) else [])]


def observe_sources(instance: dg.DagsterInstance, project: Project, now: Clock = utc_now) -> list[str]:
    """Look at what lies outside; what changed of it."""
    outside = observed_sources(project)
    if not outside:
        return []
    with opened_book(project, now) as book:
        return observe(instance, outside, book.tables, now())


def _declared_by(context: dg.SensorEvaluationContext) -> Callable[[Subject], bool]:
    """Whether a check is one of those that are defined now."""
    if context.repository_def is None:
        return lambda _: True
    return defined_checks(context.repository_def.asset_graph.asset_check_keys)


def defined_checks(keys: Iterable[dg.AssetCheckKey]) -> Callable[[Subject], bool]:
    """Whether a subject is no check, or one of these."""
    defined = {("/".join(one.asset_key.path), one.name) for one in keys}
    return lambda subject: subject.kind != "check" or (subject.asset, subject.name) in defined
