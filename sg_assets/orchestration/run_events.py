"""Dagster's event log of a run as a report, from which incidents are opened and closed.

Each run is read by itself, which works on every storage: SQLite keeps the events of each run in a file of its own, and
refuses a cursor over all of them.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import dagster as dg

from sg_assets import errors
from sg_assets.alerts.incidents import Event, RunOutcome, Subject
from sg_assets.orchestration.dead_runs import ENDED
from sg_assets.processes.faults import fault_in
from sg_assets.store.quarantine import QuarantinedError

READ = {
    dg.DagsterEventType.ASSET_CHECK_EVALUATION,
    dg.DagsterEventType.ASSET_CHECK_EVALUATION_PLANNED,
    dg.DagsterEventType.ASSET_MATERIALIZATION,
    dg.DagsterEventType.ASSET_MATERIALIZATION_PLANNED,
    dg.DagsterEventType.RUN_FAILURE,
    dg.DagsterEventType.STEP_FAILURE,
    dg.DagsterEventType.STEP_SUCCESS,
}
OWN_ERRORS = {QuarantinedError.__name__, *(name for name in vars(errors) if name.endswith("Error"))}
"""Classes whose first sentence quotes no item: what is wrong, and where."""
_REASON_LENGTH = 200
"""Characters of a reason."""


@dataclass
class _RunLog:
    """The relevant entries of a run's log; of what happened twice, the last."""

    checks: dict[Subject, Event] = field(default_factory=dict)
    made: dict[Subject, Event] = field(default_factory=dict)
    planned: dict[str, list[Subject]] = field(default_factory=dict)
    """The assets that each step was to make."""
    planned_checks: dict[str, list[Subject]] = field(default_factory=dict)
    """The checks that each step was to evaluate."""
    failed: dict[str, Event] = field(default_factory=dict)
    """Failed steps by key, as events of the run's job."""
    end: str | None = None
    """Why the run was ended from outside, as its process is gone."""


def report_of_run(
    run: dg.DagsterRun, entries: Iterable[dg.EventLogEntry], position: Callable[[Subject], int] = lambda _: 0
) -> RunOutcome:
    """A finished run as a report for incidents: its checks, the assets it made, and its failures.

    A failed step whose checks failed is reported by its checks. A run that failed without a failed step, as when its
    process was killed, is reported by the first asset it did not make.

    Args:
        run: The run.
        entries: Its events of the kinds that are ``READ``, oldest first.
        position: Of an asset in the graph, upstream first.
    """
    log, at = _RunLog(), datetime.now(UTC)
    for entry in entries:
        at = datetime.fromtimestamp(entry.timestamp, UTC)
        _add(log, entry, at)
    events = [*log.checks.values(), *log.made.values()]
    for step, failure in log.failed.items():
        events += _of_failed_step(log, step, failure)
    planned = (asset for assets in log.planned.values() for asset in assets)
    unmade = sorted((asset for asset in planned if asset not in log.made), key=position)
    failed = run.status is dg.DagsterRunStatus.FAILURE
    if failed and unmade and not log.failed:
        events.append(
            Event(subject=unmade[0], passed=False, at=at, value=log.end or "the run ended before it was made")
        )
    reported = {event.subject for event in events if not event.passed}
    if not (failed and reported):  # a run that failed for a reason of no asset is reported by its job
        value = log.end if failed else None
        events.append(Event(subject=Subject(kind="run", name=run.job_name), passed=not failed, at=at, value=value))
    left_out = [asset for asset in unmade if not any(_is_about(subject, asset) for subject in reported)]
    return RunOutcome(run=run.run_id, events=tuple(events), left_out=len(left_out) if failed else 0)


def report_of_runless(entries: Iterable[dg.EventLogEntry]) -> RunOutcome:
    """The events that were reported outside any run, as by another system."""
    log = _RunLog()
    for entry in entries:
        _add(log, entry, datetime.fromtimestamp(entry.timestamp, UTC))
    return RunOutcome(run=None, events=(*log.checks.values(), *log.made.values()))


def _add(log: _RunLog, entry: dg.EventLogEntry, at: datetime) -> None:
    event = entry.dagster_event
    if event is None:
        return
    step = event.step_key or ""
    if event.event_type is dg.DagsterEventType.ASSET_CHECK_EVALUATION:
        evaluation = _check(event.asset_check_evaluation_data, at)
        log.checks[evaluation.subject] = evaluation
    elif event.event_type is dg.DagsterEventType.ASSET_CHECK_EVALUATION_PLANNED:
        planned = event.asset_check_planned_data
        subject = Subject(kind="check", asset=_name(planned.asset_key), name=planned.check_name)
        log.planned_checks.setdefault(step, []).append(subject)
    elif event.event_type is dg.DagsterEventType.ASSET_MATERIALIZATION_PLANNED and event.asset_key is not None:
        log.planned.setdefault(step, []).append(_step(event.asset_key, event.partition))
    elif event.event_type is dg.DagsterEventType.ASSET_MATERIALIZATION and event.asset_key is not None:
        made = _step(event.asset_key, event.partition)
        version = event.step_materialization_data.materialization.metadata.get("version")
        value = None if version is None else f"version {version.value}"
        log.made[made] = Event(subject=made, passed=True, at=at, value=value)
    elif event.event_type is dg.DagsterEventType.STEP_FAILURE:
        value = _reason(event)
        log.failed[step] = Event(subject=Subject(kind="run", name=step), passed=False, at=at, value=value)
    elif event.event_type is dg.DagsterEventType.RUN_FAILURE and (event.message or "").startswith(ENDED):
        log.end = (event.message or "")[:_REASON_LENGTH].rstrip(".")
    elif event.event_type is dg.DagsterEventType.STEP_SUCCESS:
        log.failed.pop(step, None)  # the step was retried


def _of_failed_step(log: _RunLog, step: str, failure: Event) -> Iterator[Event]:
    planned = log.planned.get(step, [])
    assets = {subject.asset for subject in planned}
    failed_checks = (check for check in log.checks.values() if not check.passed and check.severity == "error")
    if any(check.subject.asset in assets for check in failed_checks):
        return
    unmade = [asset for asset in planned if asset not in log.made]
    if unmade:
        yield failure.model_copy(update={"subject": unmade[0]})
        return
    if not planned:
        evaluated = {(subject.asset, subject.name) for subject in log.checks}
        for check in log.planned_checks.get(step, []):
            if (check.asset, check.name) not in evaluated:
                yield failure.model_copy(update={"subject": check, "value": f"not evaluated: {failure.value}"})


def _check(evaluation: dg.AssetCheckEvaluation, at: datetime) -> Event:
    subject = Subject(
        kind="check",
        asset=_name(evaluation.asset_key),
        partition=evaluation.partition,
        name=evaluation.check_name,
    )
    severity = "warning" if evaluation.severity is dg.AssetCheckSeverity.WARN else "error"
    return Event(subject=subject, passed=evaluation.passed, at=at, severity=severity, value=_numbers(evaluation))


def _numbers(evaluation: dg.AssetCheckEvaluation) -> str | None:
    """The numbers of an evaluation. Texts are left out, for they may quote an item."""
    values = {name: entry.value for name, entry in evaluation.metadata.items()}
    numbers = [
        f"{name.replace('_', ' ')} {value:g}" if isinstance(value, float) else f"{name.replace('_', ' ')} {value}"
        for name, value in values.items()
        if isinstance(value, int | float) and "/" not in name  # Dagster's own names have a slash
    ]
    return ", ".join(numbers) or None


def _reason(event: dg.DagsterEvent) -> str:
    """Why a step failed: the first sentence of our own errors, which quotes no item; of others only the kind.

    A fault of the machine, such as a full disk, is said in our words.
    """
    error = event.step_failure_data.error
    while error is not None and error.cause is not None:
        error = error.cause
    if error is None:
        return "failed"
    kind = error.cls_name or "an error"
    if kind not in OWN_ERRORS:
        fault = fault_in(error.message)
        return kind if fault is None else fault.sentence
    message = " ".join(error.message.split()).partition(": ")[2]
    return message.partition(". ")[0][:_REASON_LENGTH].rstrip(".") or kind


def _is_about(subject: Subject, asset: Subject) -> bool:
    return (subject.asset, subject.partition) == (asset.asset, asset.partition)


def _step(key: dg.AssetKey, partition: str | None) -> Subject:
    return Subject(kind="step", asset=_name(key), partition=partition)


def _name(key: dg.AssetKey) -> str:
    return "/".join(key.path)
