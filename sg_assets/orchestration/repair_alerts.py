"""Alerts of repairs: what is current was written by a repair, and somebody should know."""

from collections.abc import Iterable

from sg_assets.alerts.delivery import deliver, utc_now
from sg_assets.alerts.incidents import Event, RunOutcome, Subject
from sg_assets.orchestration.monitoring import PrintLine
from sg_assets.orchestration.project import Project
from sg_assets.orchestration.project_incidents import alert_rules, open_incidents
from sg_assets.store.refs import Ref


def alert_of_repair(project: Project, refs: Iterable[Ref], print_line: PrintLine) -> None:
    """Open an incident for each partition whose head a repair wrote; the next run that makes or confirms it closes it.

    Args:
        project: Its declarations name the receivers.
        refs: The partitions.
        print_line: Prints the notices that go to the terminal.
    """
    rules, now = alert_rules(project), utc_now()
    events = tuple(
        Event(
            subject=Subject(kind="step", asset=ref.asset, partition=ref.partition),
            passed=False, at=now, severity="error", value="what is current was written by a repair",
        )
        for ref in refs
    )  # fmt: skip
    with open_incidents(project) as incidents:
        incidents.record_run(RunOutcome(run=None, events=events), rules, now)
        deliver(incidents, rules, print_line)
