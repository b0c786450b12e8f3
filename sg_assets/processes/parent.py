"""Ending a process with the process that started it: when that is killed, nobody is left to stop its work.

A job would train on for hours and hold the GPU, a lane would publish versions of a run that counts as failed.
"""

import contextlib
import multiprocessing
import os
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Final

PARENT_VARIABLE: Final = "SG_PARENT_PID"
"""Names the process that a job belongs to. Without it a job runs on: a person may have started it by hand."""
INTERRUPTED: Final = 130
"""The exit status of a process that was stopped: 128 and the number of SIGINT, as shells have it."""

_POLL_SECONDS: Final = 0.5


def end_job_with_parent() -> None:
    """Let a job end at once when the process that its environment names as its parent is gone, however that ended."""
    named = os.environ.get(PARENT_VARIABLE)
    if named:
        _watch(int(named), partial(_wait_until_adopted, int(named)))


def end_lane_with_parent() -> None:
    """Let a process of `multiprocessing` end at once when the process that started it is gone, however that ended.

    The system's parent of a lane is the server that it was forked from, which outlives the process that started both.
    """
    parent = multiprocessing.parent_process()
    if parent is not None and parent.pid is not None:
        _watch(parent.pid, parent.join)


def _watch(pid: int, wait_until_gone: Callable[[], None]) -> None:
    """Wait for the parent's end in a thread: the work goes on meanwhile."""
    threading.Thread(target=_end_after, args=(pid, wait_until_gone), name="parent", daemon=True).start()


def _end_after(pid: int, wait_until_gone: Callable[[], None]) -> None:
    wait_until_gone()
    with contextlib.suppress(OSError):  # stderr may have gone with the parent
        print(f"pid {pid}, which started this process, is gone: ending", file=sys.stderr, flush=True)  # noqa: T201
    os._exit(INTERRUPTED)


def _wait_until_adopted(pid: int) -> None:
    """Wait until this process has another parent, as the system gives to orphans."""
    while os.getppid() == pid:
        time.sleep(_POLL_SECONDS)
