"""Materializing the whole graph from the command line, recorded in Dagster like any other run."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import dagster as dg

from sg_assets.alerts.incidents import Subject
from sg_assets.declarations.batches import Batch, batches, reads
from sg_assets.declarations.graph import Graph
from sg_assets.definitions import build_definitions
from sg_assets.errors import SgAssetsError
from sg_assets.execution.dagster_home import open_instance
from sg_assets.execution.gpu_pool import size_gpu_pool
from sg_assets.execution.lanes import Lanes, Runner
from sg_assets.execution.machine_faults import failure_of_step
from sg_assets.execution.up_to_date import UpToDateCheck
from sg_assets.orchestration.asset_defs import asset_defs_of
from sg_assets.orchestration.dead_runs import PROCESS_TAG, end_dead_runs, presences_folder
from sg_assets.orchestration.job_worker import WORKERS
from sg_assets.orchestration.monitoring import PrintLine, alerts_around, defined_checks, print_to_stderr
from sg_assets.orchestration.project import Project
from sg_assets.orchestration.source_observation import observe_sources
from sg_assets.processes.presence import presence
from sg_assets.processes.teardown import quiet_teardown
from sg_assets.store.refs import Ref

# The tag that `partition_key=` sets; that argument demands that all assets of a run have the same partitions.
_PARTITION_TAG = "dagster/partition"
_LOOK_SECONDS = 5.0
"""Seconds between two looks at what runs."""
_QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


@dataclass(frozen=True)
class RunProgress:
    """A finished run among all that are planned."""

    done: int
    """How many runs are finished, this run included."""
    total: int
    batch: Batch
    seconds: float | None
    """Wall time; None where everything was current and nothing ran."""


def materialize(
    project: Project,
    show_running: Callable[[Sequence[Batch]], None],
    show_finished: Callable[[RunProgress], None],
    refs: Collection[Ref] | None = None,
    print_line: PrintLine = print_to_stderr,
) -> None:
    """Bring assets of the project up to date, upstream first; batches that are up to date are not run.

    As many batches run at a time as the profile has lanes. Results do not depend on their number.

    Args:
        project: What to materialize.
        show_running: Called with the batches that run now, each time they change.
        show_finished: Called after each run that succeeded.
        refs: What to materialize, upstream first; everything where absent. Their inputs are taken as they are.
        print_line: Prints the notices that go to the terminal.

    Raises:
        SgAssetsError: a step failed; names it and its reason. No batch was started after it, batches that were running
            were run to their end. Published versions stay.
    """
    planned = batches(project.graph, refs)
    lanes = project.declared.profile.lane_count
    with (
        open_instance(project.settings) as instance,
        presence(presences_folder(instance), "sg-assets run"),
    ):
        end = partial(_end_dead_runs, instance, print_line)
        end(with_queued=True)
        observe_sources(instance, project)
        size_gpu_pool(instance, project)
        is_up_to_date = UpToDateCheck(project, asset_defs_of(project), instance)
        with (
            alerts_around(instance, project, print_line, _defined(project)) as unsettled,
            _ended_with(end),  # what a killed lane leaves is ended before alerts are raised
            Lanes(min(lanes, len(planned)), partial(runner, project), project.settings.home) as opened_lanes,
        ):

            def is_current(batch: Batch) -> bool:
                return unsettled.isdisjoint(map(str, batch.refs)) and is_up_to_date(batch)

            run_batches(
                planned, project.graph, opened_lanes, show_running, show_finished, is_current=is_current, look=end
            )


def _end_dead_runs(instance: dg.DagsterInstance, print_line: PrintLine, *, with_queued: bool = False) -> None:
    for ended in end_dead_runs(instance, with_queued=with_queued):
        print_line(str(ended))


@contextmanager
def _ended_with(end: Callable[[], None]) -> Iterator[None]:
    """Call `end` when the block has ended, however it did; the block's own error goes first."""
    try:
        yield
    except BaseException:
        with suppress(Exception):  # the same fault may stop both; the next command ends them
            end()
        raise
    end()


def _defined(project: Project) -> Callable[[Subject], bool]:
    """Whether a check is defined; definitions are built only where an incident needs them."""
    known: list[Callable[[Subject], bool]] = []

    def is_known(subject: Subject) -> bool:
        if not known:
            graph = build_definitions(project).resolve_asset_graph()
            known.append(defined_checks(graph.asset_check_keys))
        return known[0](subject)

    return is_known


def run_batches(
    planned: Sequence[Batch],
    graph: Graph,
    lanes: Lanes,
    show_running: Callable[[Sequence[Batch]], None],
    show_finished: Callable[[RunProgress], None],
    *,
    is_current: Callable[[Batch], bool] = lambda _: False,
    look: Callable[[], None] = lambda: None,
) -> None:
    """Run batches in lanes: whenever a lane is free, the first batch whose inputs exist.

    Args:
        planned: The batches, in the order wished for.
        graph: The edges between them.
        lanes: The lanes to run them in.
        show_running: Called with the batches that run now, each time they change.
        show_finished: Called after each batch that succeeded, or that needed no run.
        is_current: Whether a batch whose inputs exist needs no run.
        look: Called every few seconds while batches run: one may wait for what the run of a killed process holds.

    Raises:
        SgAssetsError: the first failure, after all that was running has ended.
    """
    waiting, total = list(planned), len(planned)
    missing = {ref for batch in planned for ref in batch.refs}
    failure: SgAssetsError | None = None
    while lanes.running or (waiting and failure is None):
        while failure is None and lanes.has_free:
            batch = next((batch for batch in waiting if not missing & reads(graph, batch)), None)
            if batch is None:
                break
            waiting.remove(batch)
            if is_current(batch):
                missing.difference_update(batch.refs)
                show_finished(RunProgress(total - len(waiting) - len(lanes.running), total, batch, None))
            else:
                lanes.start(batch)
        if not lanes.running:
            continue
        show_running(lanes.running)
        results = lanes.wait(_LOOK_SECONDS)
        if not results:
            look()
        for result in results:
            failure = failure or result.failure
            if result.failure is None:
                missing.difference_update(result.batch.refs)
                done = total - len(waiting) - len(lanes.running)
                show_finished(RunProgress(done, total, result.batch, result.seconds))
    if failure is not None:
        raise failure


@contextmanager
def runner(project: Project) -> Iterator[Runner]:
    """Runs batches one after another in this process, each recorded as a run of its own."""
    quiet_teardown()
    job = build_definitions(project).resolve_implicit_global_asset_job_def()
    with (
        open_instance(project.settings) as instance,
        presence(presences_folder(instance), "a lane of sg-assets run") as shown,
    ):

        def run(batch: Batch) -> SgAssetsError | None:
            with project.catalogue.deferred():
                result = job.execute_in_process(
                    instance=instance,
                    asset_selection=[dg.AssetKey(asset.split("/")) for asset in batch.assets],
                    tags={PROCESS_TAG: shown.id}
                    | ({} if batch.partition is None else {_PARTITION_TAG: batch.partition}),
                    run_config=_QUIET,
                    raise_on_error=False,
                )
            return None if result.success else _failure(batch, result, project.settings.home)

        try:
            yield run
        finally:
            WORKERS.end()


def _failure(batch: Batch, result: dg.ExecuteInProcessResult, home: Path) -> SgAssetsError:
    for event in result.all_events:
        if event.is_step_failure and event.step_failure_data.error is not None:
            return failure_of_step(event.step_key or "", event.step_failure_data.error, batch.title, home)
    return SgAssetsError("the run failed", where=batch.title, remedy="Look at its log in the Dagster UI (make ui)")
