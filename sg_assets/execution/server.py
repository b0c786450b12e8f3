"""Dagster's server as a child of ``sg-assets ui``: nothing of it goes on running once that has ended.

``dagster dev`` shuts down its web server, daemon and code servers on SIGINT only: SIGTERM ends it and leaves them
behind. So it runs in a child (``python -m sg_assets.execution.server``) in which SIGTERM does what SIGINT does, and
which ends itself when its parent is gone. Its web server is the guarded one (`sg_assets.execution.webserver`).
"""

import contextlib
import os
import runpy
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import FrameType

from sg_assets.errors import SgAssetsError
from sg_assets.processes.parent import PARENT_VARIABLE

_STOPS = (signal.SIGTERM, signal.SIGINT)
_PATIENCE = 30.0
"""Seconds the server has to end what it started; then all of it is killed."""

READ_ONLY_VARIABLE = "SG_UI_READ_ONLY"
"""Where it is set, the webserver launches and changes nothing."""

_LOOK_EVERY = 0.5
"""Seconds between two looks at the parent."""


def run_server(arguments: Sequence[str], folder: Path, environment: Mapping[str, str]) -> int:
    """Run Dagster's command line until it ends, or until this process is told to end (SIGTERM, SIGINT).

    Args:
        arguments: Of ``dagster``.
        folder: Where it runs.
        environment: Its environment.

    Returns:
        The exit status: 0 where this process was told to end.
    """
    stopped = False
    # A session of its own: Ctrl-C in a terminal reaches this process alone, and what is left can be killed by it.
    process = subprocess.Popen(
        [sys.executable, "-m", __name__, *arguments],
        cwd=folder,
        env={**environment, PARENT_VARIABLE: str(os.getpid())},
        start_new_session=True,
    )

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal stopped
        stopped = True
        process.terminate()
        signal.alarm(int(_PATIENCE))

    def kill(_signal: int, _frame: FrameType | None) -> None:
        _kill_session(process.pid)

    signal.signal(signal.SIGALRM, kill)
    for number in _STOPS:
        signal.signal(number, stop)
    status = process.wait()
    _kill_session(process.pid)
    return 0 if stopped else status


def require_free_port(host: str, port: int) -> None:
    """Raise where a server cannot listen there; Dagster itself says so in a traceback, seconds later.

    Raises:
        SgAssetsError: the port is taken, or this user may not listen on it.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as uvicorn does: what just ended is no obstacle
        try:
            probe.bind((host, port))
        except OSError as error:
            raise SgAssetsError(
                f"the port {port} cannot be used", where="--port", why=f"{host}: {error.strerror}",
                remedy="Name another port, such as --port 3001",
            ) from error  # fmt: skip


def _kill_session(leader: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)


def serve(arguments: Sequence[str]) -> None:
    """Be Dagster's command line, ended by SIGTERM as by SIGINT, and by the end of its parent."""
    parent = int(os.environ.pop(PARENT_VARIABLE))
    for number in _STOPS:
        signal.signal(number, _interrupt)
    threading.Thread(target=_end_with, args=(parent,), name="parent", daemon=True).start()
    from sg_assets.orchestration.dagster_internals import start_webserver_as

    start_webserver_as("sg_assets.execution.webserver", ["--read-only"] if os.environ.get(READ_ONLY_VARIABLE) else [])
    sys.argv = ["dagster", *arguments]
    runpy.run_module("dagster", run_name="__main__", alter_sys=True)


def _end_with(parent: int) -> None:
    """Interrupt this process once its parent is gone. Unlike a job it does not exit at once: it has servers to end."""
    while os.getppid() == parent:
        time.sleep(_LOOK_EVERY)
    os.kill(os.getpid(), signal.SIGTERM)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    for number in _STOPS:  # shutting down is not interrupted again
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


if __name__ == "__main__":
    serve(sys.argv[1:])
