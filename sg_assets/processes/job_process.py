"""The outside of a job that runs as its own process: one spec file in, an exit status and a reason out."""

import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from sg_assets.errors import SgAssetsError

PARENT_VARIABLE = "SG_PARENT_PID"
"""Names the process a job belongs to; a job that is told one ends with it."""

_INTERRUPTED = 130
_LOOK_EVERY = 0.5
"""Seconds between two looks at the parent."""


def run_payload(arguments: Sequence[str], work: Callable[[Path], object]) -> int:
    """Run a job's work on the spec the command line names.

    Bad input ends in one line on stderr and beside the spec (`reason_file`), where the step that started the job finds
    it; other errors keep their traceback. An interrupt, as a cancelled run sends it, ends the job at once; so does the
    end of the process it was started by (:data:`PARENT_VARIABLE`), however that ended.

    Returns:
        The exit status: 0, 2 for bad input, or 130 when interrupted.
    """
    _end_with_parent()
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a server in the background may have it ignored
    try:
        if len(arguments) != 1:
            raise SgAssetsError("one argument is needed: the job's SPEC.json")
        work(Path(arguments[0]))
    except SgAssetsError as error:
        reason = " ".join(str(error).split())
        print(reason, file=sys.stderr)  # noqa: T201 - the output of a command
        if len(arguments) == 1 and Path(arguments[0]).parent.is_dir():
            reason_file(Path(arguments[0])).write_text(reason, encoding="utf-8")
        return 2
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)  # noqa: T201
        return _INTERRUPTED
    return 0


def _end_with_parent() -> None:
    """Watch the parent from a thread: when it is killed nobody is left to tell a job to stop."""
    named = os.environ.get(PARENT_VARIABLE)
    if named:
        threading.Thread(target=_watch, args=(int(named),), name="parent", daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_LOOK_EVERY)
    with contextlib.suppress(OSError):  # where the lines went may have gone with it
        print(f"pid {parent}, which started this job, is gone: ending", file=sys.stderr, flush=True)  # noqa: T201
    os._exit(_INTERRUPTED)


def reason_file(spec: Path) -> Path:
    """Where a job on this spec leaves the reason it stopped for."""
    return spec.with_suffix(".reason")


def machines_file(spec: Path) -> Path:
    """Where a job on this spec leaves the machines that its result was made on, as JSON (:class:`Machine`)."""
    return spec.with_suffix(".machines")


def quiet_offline_environment() -> None:
    """Set what the training libraries read when they are imported: no hub, no progress bars, patient threads."""
    os.environ |= {
        "HF_HUB_OFFLINE": "1",
        "HF_HUB_DISABLE_PROGRESS_BARS": "1",
        "HF_DATASETS_DISABLE_PROGRESS_BARS": "1",
        "TOKENIZERS_PARALLELISM": "false",
        "TQDM_DISABLE": "1",
    }
    # Spinning threads starve each other where cores are shared: minutes in place of seconds, for the same bytes.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
