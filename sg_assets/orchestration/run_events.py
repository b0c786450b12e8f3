"""What Dagster's event log says of a run, as events that incidents are made of.

Runs are read one by one, which works on every storage: on SQLite their events lie in a file each, and a cursor over all
of them is refused.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import dagster as dg

from sg_assets.alerts.incidents import Event, Report, Subject

READ = {
    dg.DagsterEventType.ASSET_CHECK_EVALUATION,
    dg.DagsterEventType.ASSET_CHECK_EVALUATION_PLANNED,
    dg.DagsterEventType.ASSET_MATERIALIZATION,
    dg.DagsterEventType.ASSET_MATERIALIZATION_PLANNED,
    dg.DagsterEventType.STEP_FAILURE,
    dg.DagsterEventType.STEP_SUCCESS,
}
_OURS = ("SgAssetsError", "QuarantinedError")
_MOST = 200
"""Characters of a reason."""


@dataclass
class _Read:
    """What a run's log was found to hold; of what happened twice, the last."""

    checks: dict[Subject, Event] = field(default_factory=dict)
    made: dict[Subject, Event] = field(default_factory=dict)
    planned: dict[str, list[Subject]] = field(default_factory=dict)
    """What each step was to make."""
    planned_checks: dict[str, list[Subject]] = field(default_factory=dict)
    failed: dict[str, Event] = field(default_factory=dict)
    """Failed steps by key, as events of the run's job."""


def report_of_run(
    run: dg.DagsterRun, entries: Iterable[dg.EventLogEntry], place: Callable[[Subject], int] = lambda _: 0
) -> Report:
    """A finished run, as incidents see it: its checks, what it made, and what failed.

    A failed step whose own checks say why is told by them. A run that failed in no step, as one whose process was
    killed, is told of the first asset it did not make.

    Args:
        run: The run.
        entries: Its events of the kinds that are ``READ``, oldest first.
        place: Of an asset in the graph, upstream first.
    """
    read, at = _Read(), datetime.now(UTC)
    for entry in entries:
        at = datetime.fromtimestamp(entry.timestamp, UTC)
        _enter(read, entry, at)
    events = [*read.checks.values(), *read.made.values()]
    for step, failure in read.failed.items():
        events += _of_failed_step(read, step, failure)
    planned = (one for planned in read.planned.values() for one in planned)
    unmade = sorted((one for one in planned if one not in read.made), key=place)
    failed = run.status is dg.DagsterRunStatus.FAILURE
    if failed and unmade and not read.failed:
        events.append(Event(subject=unmade[0], passed=False, at=at, value="the run ended before it was made"))
    told = {one.subject for one in events if not one.passed}
    if not (failed and told):  # of a run that failed for a reason no asset has, the job is told
        events.append(Event(subject=Subject(kind="run", name=run.job_name), passed=not failed, at=at))
    left_out = [one for one in unmade if not any(_is_about(other, one) for other in told)]
    return Report(run=run.run_id, events=tuple(events), left_out=len(left_out) if failed else 0)


def report_of_runless(entries: Iterable[dg.EventLogEntry]) -> Report:
    """What was reported outside any run, as by another system."""
    read = _Read()
    for entry in entries:
        _enter(read, entry, datetime.fromtimestamp(entry.timestamp, UTC))
    return Report(run=None, events=(*read.checks.values(), *read.made.values()))


def _enter(read: _Read, entry: dg.EventLogEntry, at: datetime) -> None:
    event = entry.dagster_event
    if event is None:
        return
    step = event.step_key or ""
    if event.event_type is dg.DagsterEventType.ASSET_CHECK_EVALUATION:
        one = _check(event.asset_check_evaluation_data, at)
        read.checks[one.subject] = one
    elif event.event_type is dg.DagsterEventType.ASSET_CHECK_EVALUATION_PLANNED:
        planned = event.asset_check_planned_data
        subject = Subject(kind="check", asset=_name(planned.asset_key), name=planned.check_name)
        read.planned_checks.setdefault(step, []).append(subject)
    elif event.event_type is dg.DagsterEventType.ASSET_MATERIALIZATION_PLANNED and event.asset_key is not None:
        read.planned.setdefault(step, []).append(_step(event.asset_key, event.partition))
    elif event.event_type is dg.DagsterEventType.ASSET_MATERIALIZATION and event.asset_key is not None:
        made = _step(event.asset_key, event.partition)
        version = event.step_materialization_data.materialization.metadata.get("version")
        value = None if version is None else f"version {version.value}"
        read.made[made] = Event(subject=made, passed=True, at=at, value=value)
    elif event.event_type is dg.DagsterEventType.STEP_FAILURE:
        value = _reason(event)
        read.failed[step] = Event(subject=Subject(kind="run", name=step), passed=False, at=at, value=value)
    elif event.event_type is dg.DagsterEventType.STEP_SUCCESS:
        read.failed.pop(step, None)  # it was tried again


def _of_failed_step(read: _Read, step: str, failure: Event) -> Iterator[Event]:
    planned = read.planned.get(step, [])
    assets = {one.asset for one in planned}
    if any(not one.passed and one.severity == "error" and one.subject.asset in assets for one in read.checks.values()):
        return
    unmade = [one for one in planned if one not in read.made]
    if unmade:
        yield failure.model_copy(update={"subject": unmade[0]})
        return
    if not planned:
        evaluated = {(one.asset, one.name) for one in read.checks}
        for check in read.planned_checks.get(step, []):
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
    """The numbers an evaluation tells. Texts are left out, for they may quote an item."""
    values = {name: one.value for name, one in evaluation.metadata.items()}
    told = [
        f"{name.replace('_', ' ')} {value:g}" if isinstance(value, float) else f"{name.replace('_', ' ')} {value}"
        for name, value in values.items()
        if isinstance(value, int | float) and "/" not in name  # Dagster's own have one
    ]
    return ", ".join(told) or None


def _reason(event: dg.DagsterEvent) -> str:
    """Why a step failed: our own errors' first sentence, which names things; of others the kind alone."""
    error = event.step_failure_data.error
    while error is not None and error.cause is not None:
        error = error.cause
    if error is None:
        return "failed"
    kind = error.cls_name or "an error"
    if kind not in _OURS:
        return kind
    told = " ".join(error.message.split()).partition(": ")[2]
    return told.partition(". ")[0][:_MOST].rstrip(".") or kind


def _is_about(one: Subject, step: Subject) -> bool:
    return (one.asset, one.partition) == (step.asset, step.partition)


def _step(key: dg.AssetKey, partition: str | None) -> Subject:
    return Subject(kind="step", asset=_name(key), partition=partition)


def _name(key: dg.AssetKey) -> str:
    return "/".join(key.path)
