"""The outside of a job that runs as its own process: one spec file in, an exit status and a reason out."""

import os
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from sg_assets.errors import SgAssetsError
from sg_assets.processes.parent import INTERRUPTED, end_job_with_parent


def run_payload(arguments: Sequence[str], work: Callable[[Path], object]) -> int:
    """Run a job's work on the spec the command line names.

    Bad input ends in one line on stderr and in a file next to the spec (`reason_file`), for the step that started the
    job; other errors keep their traceback. An interrupt, as a cancelled run sends it, ends the job at once; so does the
    end of the process it was started by.

    Returns:
        The exit status: 0, 2 for bad input, or 130 when interrupted.
    """
    end_job_with_parent()
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
        return INTERRUPTED
    return 0


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
