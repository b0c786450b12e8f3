"""The outside of a job that runs as its own process: one spec file in, an exit status and a reason out."""

import contextlib
import os
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from sg_assets.errors import SgAssetsError
from sg_assets.processes.faults import as_named
from sg_assets.processes.parent import INTERRUPTED, end_job_with_parent

REFUSED: Final = 2
"""The exit status of a job that stopped for a reason it can say."""


def run_payload(arguments: Sequence[str], work: Callable[[Path], object]) -> int:
    """Run a job's work on the spec the command line names.

    Bad input, and a fault of the machine such as a full disk, end in one line on stderr and in a file next to the spec
    (`reason_file`), for the step that started the job; other errors keep their traceback. An interrupt, as a cancelled
    run sends it, ends the job at once; so does the end of the process it was started by.

    Returns:
        The exit status: 0, 2 for bad input, or 130 when interrupted.
    """
    end_job_with_parent()
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a server in the background may have it ignored
    try:
        if len(arguments) != 1:
            raise SgAssetsError("one argument is needed: the job's SPEC.json")
        work(Path(arguments[0]))
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)  # noqa: T201
        return INTERRUPTED
    except Exception as error:
        named = error if isinstance(error, SgAssetsError) else as_named(error)
        if named is None:
            raise
        _leave_reason(arguments, named)
        return REFUSED
    return 0


def _leave_reason(arguments: Sequence[str], error: SgAssetsError) -> None:
    reason = " ".join(str(error).split())
    print(reason, file=sys.stderr)  # noqa: T201 - the output of a command
    if len(arguments) == 1 and Path(arguments[0]).parent.is_dir():
        with contextlib.suppress(OSError):  # the disk may be full: then stderr alone has it
            reason_file(Path(arguments[0])).write_text(reason, encoding="utf-8")


def reason_file(spec: Path) -> Path:
    """The file in which a job on this spec leaves the reason why it stopped."""
    return spec.with_suffix(".reason")


def machines_file(spec: Path) -> Path:
    """The file in which a job on this spec leaves the machines of its work, as JSON (:class:`Machine`)."""
    return spec.with_suffix(".machines")


def quiet_offline_environment() -> None:
    """Set what training libraries read from the environment: no hub, no progress bars, threads that wait passively."""
    os.environ |= {
        "HF_HUB_OFFLINE": "1",
        "HF_HUB_DISABLE_PROGRESS_BARS": "1",
        "HF_DATASETS_DISABLE_PROGRESS_BARS": "1",
        "TOKENIZERS_PARALLELISM": "false",
        "TQDM_DISABLE": "1",
    }
    # Spinning threads starve each other where cores are shared: minutes in place of seconds, for the same bytes.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
