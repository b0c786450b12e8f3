"""From Dagster's records to incidents and notices: by a sensor beside the daemon, or at the end of `sg-assets run`.

Both do the same with the same incident store. Whoever comes second finds a run recorded and a notice delivered.
"""

import sqlite3
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import dagster as dg

from sg_assets.alerts.delivery import Clock, DeliveryCounts, deliver, utc_now
from sg_assets.alerts.incident_store import IncidentStore
from sg_assets.alerts.incidents import Subject
from sg_assets.alerts.rules import AlertRules
from sg_assets.errors import SgAssetsError
from sg_assets.orchestration.dagster_internals import FINISHED_STATUSES, cursor_after
from sg_assets.orchestration.project import Project
from sg_assets.orchestration.project_incidents import alert_rules, open_incidents
from sg_assets.orchestration.run_events import READ, report_of_run, report_of_runless

_OVERLAP = timedelta(hours=1)
"""How far back finished runs are looked for again: records are not seen in the order of their times."""
_SETTLED = timedelta(minutes=5)
"""After this long no event is written before one that was read."""
_RUNLESS = ""
"""Dagster's run id of events that belong to no run."""
_CURSOR, _SEEN_UNTIL = "runless_cursor", "runs_until"
"""Names in the incident store of how far Dagster's records were read."""
_PATIENCE = 30.0
"""Seconds a run waits at its end for another process's deliveries."""
PrintLine = Callable[[str], None]


def print_to_stderr(line: str) -> None:
    """Print a line apart from a command's output."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def raise_alerts(
    instance: dg.DagsterInstance,
    project: Project,
    print_line: PrintLine,
    *,
    now: Clock = utc_now,
    is_known: Callable[[Subject], bool] = lambda _: True,
    patience: float = 0.0,
) -> DeliveryCounts:
    """Record what happened since the last time, and deliver the notices that follow from it.

    Args:
        instance: Dagster's records.
        project: Its declarations say what matters to whom.
        print_line: Prints lines in the terminal.
        now: The clock.
        is_known: Whether something may still fail or pass; incidents of what may not are closed.
        patience: Seconds to wait for a process that is delivering.
    """
    rules = alert_rules(project)
    with open_incidents(project, now) as incidents:
        record_events(instance, incidents, rules, now())
        incidents.apply_time(rules, now(), is_known)
        return deliver(incidents, rules, print_line, now=now, patience=patience)


def retry_deliveries(project: Project, print_line: PrintLine) -> DeliveryCounts:
    """Try at once to deliver every notice in the outbox, whenever it was tried last."""
    with open_incidents(project) as incidents:
        return deliver(incidents, alert_rules(project), print_line, at_once=True, patience=_PATIENCE)


@contextmanager
def alerts_around(
    instance: dg.DagsterInstance, project: Project, print_line: PrintLine, is_known: Callable[[Subject], bool]
) -> Iterator[set[str]]:
    """Around runs: records what ended before them, and raises alerts at their end, however they end.

    Yields:
        The asset partitions that something stopped: only a run of them can say that they recovered.
    """
    rules = alert_rules(project)
    with open_incidents(project) as incidents:
        record_events(instance, incidents, rules, utc_now())
        stopped_partitions = incidents.stopped_partitions()
    try:
        yield stopped_partitions
    finally:
        try:
            raise_alerts(instance, project, print_line, is_known=is_known, patience=_PATIENCE)
        except (SgAssetsError, sqlite3.Error, OSError) as error:  # nothing is lost: the next run records it
            print_line(f"alerts could not be raised: {error}")


def record_events(instance: dg.DagsterInstance, incidents: IncidentStore, rules: AlertRules, now: datetime) -> None:
    """Record every run that ended and was not recorded yet, and the events that were reported outside any run."""
    until = incidents.database.meta(_SEEN_UNTIL)
    since = incidents.begins if until is None else max(incidents.begins, datetime.fromisoformat(until) - _OVERLAP)
    finished = dg.RunsFilter(statuses=list(FINISHED_STATUSES), updated_after=since)
    for record in instance.get_run_records(finished, order_by="update_timestamp", ascending=True):
        run = record.dagster_run
        if not incidents.has_recorded(run.run_id):
            report = report_of_run(run, instance.all_logs(run.run_id, of_type=READ), rules.graph_position)
            incidents.record_run(report, rules, now)
    _record_runless(instance, incidents, rules, now)
    incidents.save_meta(_SEEN_UNTIL, now.isoformat())


def _record_runless(instance: dg.DagsterInstance, incidents: IncidentStore, rules: AlertRules, now: datetime) -> None:
    cursor = incidents.database.meta(_CURSOR)
    records = instance.get_records_for_run(_RUNLESS, cursor=cursor, of_type=READ).records
    recent = [record.event_log_entry for record in records if record.timestamp >= incidents.begins.timestamp()]
    if recent:
        incidents.record_run(report_of_runless(recent), rules, now)
    settled = [record for record in records if record.timestamp < (now - _SETTLED).timestamp()]
    if settled:
        incidents.save_meta(_CURSOR, cursor_after(settled[-1].storage_id))


def defined_checks(keys: Iterable[dg.AssetCheckKey]) -> Callable[[Subject], bool]:
    """Whether a subject is no check, or one of these checks."""
    defined = {("/".join(key.asset_key.path), key.name) for key in keys}
    return lambda subject: subject.kind != "check" or (subject.asset, subject.name) in defined
