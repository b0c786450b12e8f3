"""Processes that run batches beside each other, one batch at a time each.

Processes, not threads: a run in a thread cannot be interrupted, for signals reach the main thread alone; two
generations in one interpreter take turns at its lock; and what libraries keep per process (warnings, matplotlib,
torch's threads) stays one run's own. All are forked from one server that has imported the code location and what its
checks need, so that a further lane costs no import of them.
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
from types import TracebackType
from typing import Self

from sg_assets.declarations.batches import Batch
from sg_assets.errors import SgAssetsError
from sg_assets.processes.parent import end_lane_with_parent

Runner = Callable[[Batch], SgAssetsError | None]
"""Runs a batch; returns why it failed, or None."""
Opened = Callable[[], AbstractContextManager[Runner]]
"""Gives a lane its runner, in the lane's own process; can be pickled."""

_GRACE = 30.0
"""Seconds an interrupted lane has to end: as long as a job takes to notice, and a while more."""


@dataclass(frozen=True)
class Ended:
    """A batch that was run."""

    batch: Batch
    seconds: float
    failure: SgAssetsError | None


@dataclass(eq=False)
class _Lane:
    process: BaseProcess
    connection: Connection
    batch: Batch | None = None
    """What it runs now."""
    started: float = 0.0
    is_lost: bool = False
    """Whether its process is gone."""


class Lanes:
    """A number of lanes; leaving the block ends them, and interrupts what they still run."""

    def __init__(self, count: int, opened: Opened) -> None:
        """Start nothing yet: a process is started when there is work for it.

        Args:
            count: How many, at most.
            opened: Called once in each.
        """
        self._count = count
        self._opened = opened
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

    @property
    def has_free(self) -> bool:
        """Whether a lane waits for work."""
        return self._idle is not None or len(self._lanes) < self._count

    @property
    def _idle(self) -> _Lane | None:
        return next((lane for lane in self._lanes if lane.batch is None and not lane.is_lost), None)

    @property
    def running(self) -> list[Batch]:
        """What runs now, longest first."""
        busy = sorted((lane for lane in self._lanes if lane.batch is not None), key=lambda lane: lane.started)
        return [lane.batch for lane in busy if lane.batch is not None]

    def start(self, batch: Batch) -> None:
        """Run a batch in a free lane."""
        lane = self._idle or self._added()
        lane.batch, lane.started = batch, time.monotonic()
        with contextlib.suppress(BrokenPipeError):  # told by `wait`, as for a lane that is killed later
            lane.connection.send(batch)

    def _added(self) -> _Lane:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["sg_assets.execution.preload"])
        self._lanes.append(_open(context, self._opened))
        return self._lanes[-1]

    def wait(self) -> list[Ended]:
        """Wait until a batch has ended; all that have by then."""
        busy = {lane.connection: lane for lane in self._lanes if lane.batch is not None}
        return [_ended(busy[one]) for one in wait(list(busy)) if isinstance(one, Connection)]


def _open(context: multiprocessing.context.ForkServerContext, opened: Opened) -> _Lane:
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, opened), name="lane")
    process.start()
    theirs.close()
    return _Lane(process, ours)


def _ended(lane: _Lane) -> Ended:
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
            why=f"it ended with {lane.process.exitcode}; the system kills a process where memory runs out",
            remedy="Run it again: it goes on where it stopped",
        )
    return Ended(batch, time.monotonic() - lane.started, failure)


def _serve(connection: Connection, opened: Opened) -> None:
    """The life of a lane: batches come one by one, until the other end is closed."""
    # Ctrl-C reaches every process of the terminal's group. A lane hears of it once, from its parent: a second interrupt
    # would break into what the first one cleans up.
    os.setpgid(0, 0)
    end_lane_with_parent()
    with contextlib.suppress(KeyboardInterrupt, EOFError, BrokenPipeError), opened() as run:
        while True:
            connection.send(run(connection.recv()))
