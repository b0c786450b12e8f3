"""The process that this one has for jobs of one base (`jobs/worker.py`): one at a time, ended when others follow."""

import atexit
import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from sg_assets.jobs.worker import main as worker

_GRACE: Final = 20.0
"""Seconds a worker has to end when it is told to; as long as Dagster gives a job."""


@dataclass(frozen=True)
class Shared:
    """What jobs must have in common to run in one process."""

    base: str
    """The digest of the model that they load."""
    device: str
    threads: int | None


@dataclass
class Worker:
    """A process that runs payloads of one base."""

    shared: Shared
    process: "subprocess.Popen[bytes]"
    requests: int
    replies: int
    is_open: bool = True
    """Whether the pipes to it are open."""

    @property
    def lives(self) -> bool:
        """Whether the process has not ended."""
        return self.process.poll() is None

    def run(self, file: Path, variables: Mapping[str, str]) -> int | None:
        """Run a payload; its exit status, or that of the process where it ended meanwhile.

        Returns:
            None where the process had ended by itself before it took the payload.
        """
        request = json.dumps({"payload": str(file), "variables": dict(variables)})
        try:
            with contextlib.suppress(BrokenPipeError):
                os.write(self.requests, f"{request}\n".encode())
            reply = os.read(self.replies, 64)
        except BaseException:
            self.end(interrupt=True)
            raise
        if reply:
            return int(reply)
        return self.end() or None

    def end(self, *, interrupt: bool = False) -> int:
        """Let the process end, and wait until its memory is free; returns its exit status."""
        if self.is_open:
            os.close(self.requests)
            os.close(self.replies)
            self.is_open = False
        if interrupt:
            self.process.send_signal(signal.SIGINT)
        try:
            return self.process.wait(_GRACE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()


@dataclass
class Workers:
    """The worker of this process, if it has one."""

    current: list[Worker] = field(default_factory=list)

    def run(self, file: Path, shared: Shared, environment: Mapping[str, str], variables: Mapping[str, str]) -> int:
        """Run a payload in a worker of its base; one of another base ends first.

        Args:
            file: The payload.
            shared: What it has in common with other jobs of the worker.
            environment: What a new worker finds in its environment.
            variables: What is set there for this payload alone.

        Returns:
            The exit status, as that of a job in a process of its own.
        """
        for _ in range(2):  # a worker that waited in vain may end just now
            opened = self._worker(shared, environment)
            status = opened.run(file, variables)
            if not opened.lives:
                self.current.clear()
            if status is not None:
                return status
        raise AssertionError("a new worker waits for its first payload")

    def _worker(self, shared: Shared, environment: Mapping[str, str]) -> Worker:
        if self.current and not (self.current[0].shared == shared and self.current[0].lives):
            self.end()
        if not self.current:
            self.current.append(_started(shared, environment))
        return self.current[0]

    def end(self) -> None:
        """End the worker and wait for it: what it had loaded is free then."""
        while self.current:
            self.current.pop().end()


def _started(shared: Shared, environment: Mapping[str, str]) -> Worker:
    asked, requests = os.pipe()
    replies, answered = os.pipe()
    try:
        process = subprocess.Popen(
            [sys.executable, "-m", worker.__module__, str(asked), str(answered)],
            env={**os.environ, **environment},
            pass_fds=(asked, answered),
        )
    finally:
        os.close(asked)
        os.close(answered)
    return Worker(shared, process, requests, replies)


WORKERS: Final = Workers()
"""Of this process. It ends with it: when a lane or a run has ended, nothing stays loaded."""
atexit.register(WORKERS.end)
