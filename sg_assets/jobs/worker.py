"""A process that runs payloads of one base, one after the other: a sweep loads libraries and model once.

Started by the launcher with two pipes: a line asks for a payload, a line answers with its exit status. It ends when
the pipe of requests is closed, when it has waited in vain for a while, or when another job waits for its card: between
payloads nothing is lost by that, and the launcher starts another one. It leases its card at the first payload that
needs one, and holds it until it ends.
"""

import gc
import importlib
import json
import os
import select
import signal
import sys
import time
from pathlib import Path
from typing import Any, Final

from sg_assets.jobs.entry import run_work, take_card
from sg_assets.jobs.payload import read_payload
from sg_assets.processes.cards import CARDS_VARIABLE, VISIBLE, is_wanted
from sg_assets.processes.job_process import run_payload
from sg_assets.processes.parent import INTERRUPTED, PARENT_VARIABLE, end_job_with_parent
from sg_assets.processes.teardown import quiet_teardown

IDLE_SECONDS: Final = 30.0
"""How long it waits for the next payload: what it has loaded is memory that others may need."""
_LOOK_SECONDS: Final = 0.5
"""Seconds between two looks whether its card is wanted."""


def main(arguments: list[str]) -> int:
    """Serve payloads until there are no more; returns the exit status."""
    requests, replies = map(int, arguments)
    end_job_with_parent()
    os.environ.pop(PARENT_VARIABLE, None)  # watched already
    signal.signal(signal.SIGINT, signal.default_int_handler)
    quiet_teardown()
    importlib.import_module("scipy.linalg")  # before a payload limits threads: so its pool is that of a step's process
    try:
        return _Server(requests, replies).serve()
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)  # noqa: T201 - the output of a command
        return INTERRUPTED


class _Server:
    """Payloads as they are asked for."""

    def __init__(self, requests: int, replies: int) -> None:
        self._requests = requests
        self._replies = replies
        self._cards: list[str] = []
        self._environment = dict(os.environ)

    def serve(self) -> int:
        buffered = b""
        while True:
            if not self._is_asked():
                return 0
            part = os.read(self._requests, 1 << 16)
            if not part:
                return 0
            buffered += part
            if buffered.endswith(b"\n"):
                status = self._run(json.loads(buffered))
                buffered = b""
                if status == INTERRUPTED:
                    return status
                os.write(self._replies, f"{status}\n".encode())

    def _is_asked(self) -> bool:
        """Wait for the next request; False where this process is to end instead."""
        until = time.monotonic() + IDLE_SECONDS
        while time.monotonic() < until:
            if select.select([self._requests], [], [], _LOOK_SECONDS)[0]:
                return True
            if self._cards and is_wanted(self._cards):
                return False
        return False

    def _run(self, request: dict[str, Any]) -> int:
        statuses: list[int] = []
        try:
            os.environ |= request["variables"]
            refused = run_payload([request["payload"]], lambda file: statuses.append(self._run_payload(file)))
        finally:
            os.environ.clear()
            os.environ |= self._environment
            _free_memory()
        return refused or statuses[-1]

    def _run_payload(self, file: Path) -> int:
        payload = read_payload(file)
        card = take_card(payload)
        if card is not None:
            self._cards = [card]
            self._environment.pop(CARDS_VARIABLE)
            self._environment |= {name: os.environ[name] for name in (VISIBLE, "CUDA_DEVICE_ORDER")}
        return run_work(payload, file)


def _free_memory() -> None:
    """Give back what a payload no longer uses."""
    gc.collect()
    torch = sys.modules.get("torch")
    if torch is not None and torch.cuda.is_available():
        torch.cuda.empty_cache()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
