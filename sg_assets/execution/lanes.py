"""Lanes: processes that run batches in parallel, each a batch at a time.

Processes, not threads: a run in a thread cannot be interrupted, for signals reach the main thread alone; two
generations in one interpreter take turns at its lock; and what libraries keep per process (warnings, matplotlib,
torch's threads) stays one run's own. All are forked from a single server that has imported the code location and the
libraries of its checks, so that a further lane costs no import of them.
"""

import contextlib
import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import TracebackType
from typing import Self

from sg_assets.declarations.batches import Batch
from sg_assets.errors import SgAssetsError
from sg_assets.processes.endings import MemoryKills, ending, memory_kills
from sg_assets.processes.faults import as_named
from sg_assets.processes.parent import end_lane_with_parent

Runner = Callable[[Batch], SgAssetsError | None]
"""Runs a batch; returns why it failed, or None."""
OpenRunner = Callable[[], AbstractContextManager[Runner]]
"""Gives a lane its runner, in the lane's own process; can be pickled."""

_GRACE = 30.0
"""Seconds an interrupted lane has to end: as long as a job takes to notice, and a while more."""

_UNKNOWN_STATUS = 255
"""What `multiprocessing` reports of a process where the server that it was forked from is gone."""
_KILL_SECONDS = 5.0
"""Seconds a killed process has to be gone."""


@dataclass(frozen=True)
class LaneResult:
    """The end of a batch's run."""

    batch: Batch
    seconds: float
    failure: SgAssetsError | None


@dataclass(eq=False)
class _Lane:
    process: BaseProcess
    connection: Connection
    batch: Batch | None = None
    """The batch that it runs now."""
    started: float = 0.0
    memory_kills: MemoryKills | None = None
    """Processes killed for want of memory until the batch was started."""
    is_lost: bool = False
    """Whether its process is gone."""


class Lanes:
    """A number of lanes; leaving the block ends them, and interrupts what they still run."""

    def __init__(self, count: int, open_runner: OpenRunner, home: Path | None = None) -> None:
        """Start nothing yet: a process is started when there is work for it.

        Args:
            count: How many, at most.
            open_runner: Called once in each.
            home: Where they write: a fault of the machine is named with a look at its disk.
        """
        self._count = count
        self._open_runner = open_runner
        self._home = home
        self._lanes: list[_Lane] = []

    def __enter__(self) -> Self:
        """The lanes."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """End them."""
        for lane in self._lanes:
            lane.connection.close()
            if lane.batch is not None and lane.process.pid is not None:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(lane.process.pid, signal.SIGINT)
        try:
            until = time.monotonic() + _GRACE
            for lane in self._lanes:
                lane.process.join(max(0.0, until - time.monotonic()))
        finally:
            for lane in self._lanes:
                lane.process.kill()
                lane.process.join(_KILL_SECONDS)  # whoever looks for runs without a process finds it gone

    @property
    def has_free(self) -> bool:
        """Whether a lane waits for work."""
        return self._idle is not None or len(self._lanes) < self._count

    @property
    def _idle(self) -> _Lane | None:
        return next((lane for lane in self._lanes if lane.batch is None and not lane.is_lost), None)

    @property
    def running(self) -> list[Batch]:
        """The batches that run now, longest first."""
        busy = sorted((lane for lane in self._lanes if lane.batch is not None), key=lambda lane: lane.started)
        return [lane.batch for lane in busy if lane.batch is not None]

    def start(self, batch: Batch) -> None:
        """Run a batch in a free lane."""
        lane = self._idle or self._added()
        lane.batch, lane.started, lane.memory_kills = batch, time.monotonic(), memory_kills()
        with contextlib.suppress(BrokenPipeError):  # `wait` reports it, as for a lane that is killed later
            lane.connection.send(batch)

    def _added(self) -> _Lane:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["sg_assets.execution.preload"])
        self._lanes.append(_open(context, self._open_runner, self._home))
        return self._lanes[-1]

    def wait(self, seconds: float | None = None) -> list[LaneResult]:
        """Wait until a batch has ended; the results of all that have by then, none after so many seconds."""
        busy = {lane.connection: lane for lane in self._lanes if lane.batch is not None}
        ended = wait(list(busy), seconds)
        return [_result(busy[connection]) for connection in ended if isinstance(connection, Connection)]


def _open(context: multiprocessing.context.ForkServerContext, open_runner: OpenRunner, home: Path | None) -> _Lane:
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, open_runner, home), name="lane")
    process.start()
    theirs.close()
    return _Lane(process, ours)


def _result(lane: _Lane) -> LaneResult:
    batch, lane.batch = lane.batch, None
    if batch is None:
        raise AssertionError("only a busy lane is waited for")
    try:
        failure = lane.connection.recv()
    except (EOFError, ConnectionResetError):
        lane.is_lost = True
        lane.process.join()
        failure = SgAssetsError(
            "the process that ran it is gone",
            where=batch.title,
            why=_end_of(lane),
            remedy="Run it again: it resumes where it stopped",
        )
    return LaneResult(batch, time.monotonic() - lane.started, failure)


def _end_of(lane: _Lane) -> str:
    status = lane.process.exitcode
    if status is None or status == _UNKNOWN_STATUS:
        return "how it ended is not known: the process that lanes are forked from, which would know, is gone, too"
    return ending(status, lane.memory_kills, memory_kills())


def _serve(connection: Connection, open_runner: OpenRunner, home: Path | None) -> None:
    """Run batches as they come, until the other end is closed."""
    # Ctrl-C reaches every process of the terminal's group. A lane gets it only from its parent: a second interrupt
    # would stop the cleaning up after the first.
    os.setpgid(0, 0)
    end_lane_with_parent()
    try:
        with contextlib.suppress(KeyboardInterrupt, EOFError, BrokenPipeError), open_runner() as run:
            while True:
                connection.send(run(connection.recv()))
    except Exception as error:
        named = error if isinstance(error, SgAssetsError) else as_named(error, folder=home)
        if named is None:
            raise
        with contextlib.suppress(BrokenPipeError):
            connection.send(named)
