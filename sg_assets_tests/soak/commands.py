"""Real commands in homes of their own: started, killed, and looked at afterwards."""

import contextlib
import fcntl
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import dagster as dg
import psutil

from sg_assets.orchestration.dagster_internals import FINISHED_STATUSES
from sg_assets.store.store import Store
from sg_assets_tests.paths import PROJECT

PROFILE = "tiny"
_LOCKS = ("**/*.lock", "**/*.keys", "**/processes/*.json")
_PAGES = "reports/"
"""The schema of what is made for people to read."""
_PATIENCE = 60.0
"""Seconds that what a killed process started may go on."""


@dataclass
class Command:
    """A command that was started."""

    process: subprocess.Popen[bytes]
    log: Path

    @property
    def text(self) -> str:
        """What it printed."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def finish(self, seconds: float = 900.0) -> int:
        """Wait for its end; its exit status."""
        return self.process.wait(seconds)

    def kill_group(self) -> None:
        """SIGKILL to every process of its group, as a terminal or a supervisor does."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def descendants(self) -> list[psutil.Process]:
        """The processes that it started, and those that they started."""
        try:
            return list(psutil.Process(self.process.pid).children(recursive=True))
        except psutil.NoSuchProcess:
            return []


class Home:
    """A home in a folder, and the commands that work in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.folder.mkdir(parents=True, exist_ok=True)
        self._count = 0

    @property
    def records(self) -> Path:
        """Dagster's home."""
        return self.folder / PROFILE / "dagster"

    def start(self, *arguments: str) -> Command:
        """Start a command in a session of its own."""
        self._count += 1
        log = self.folder / f"command-{self._count}.log"
        environment = {**os.environ, "SG_HOME": str(self.folder), "SG_PROFILE": PROFILE, "SG_PROJECT": str(PROJECT)}
        command = [sys.executable, "-c", "from sg_assets.cli.app import main; main()", *arguments]
        output: IO[bytes]
        with log.open("wb") as output:
            process = subprocess.Popen(
                command, env=environment, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
            )
        return Command(process, log)

    def run(self, *arguments: str) -> Command:
        """Run a command to its end, which must be good."""
        command = self.start(*arguments)
        assert command.finish() == 0, command.text
        return command

    def heads(self) -> dict[str, str]:
        """The fingerprint of every current version, by partition; pages, which name versions, are left out."""
        store = Store(self.folder / PROFILE / "store", PROFILE)
        refs = (ref for ref in store.refs() if not str(ref).startswith(_PAGES))
        return {str(ref): store.required_head(ref).fingerprint for ref in refs}

    def unfinished_runs(self) -> list[str]:
        """The runs that Dagster does not count as finished, with their status."""
        with dg.DagsterInstance.from_config(str(self.records)) as instance:
            runs = instance.get_runs()
        return [f"{run.run_id[:8]} {run.status.value}" for run in runs if run.status not in FINISHED_STATUSES]

    def taken_slots(self) -> set[str]:
        """The runs that hold or await a slot in a pool."""
        with dg.DagsterInstance.from_config(str(self.records)) as instance:
            return set(instance.event_log_storage.get_concurrency_run_ids())

    def held_locks(self) -> list[str]:
        """The files of locks that a process holds."""
        files = (file for pattern in _LOCKS for file in (self.folder / PROFILE).glob(pattern))
        return sorted(file.name for file in files if _is_held(file))

    def processes(self) -> list[int]:
        """The processes that work in this home."""
        marker = f"SG_HOME={self.folder}".encode()
        return [int(entry.name) for entry in Path("/proc").glob("[0-9]*") if marker in _environment(entry)]

    def wait_until_quiet(self) -> None:
        """Wait until no process works in this home."""
        until = time.monotonic() + _PATIENCE
        while self.processes():
            assert time.monotonic() < until, f"still running: {self.processes()}"
            time.sleep(0.1)

    def require_clean(self) -> None:
        """Nothing is left of any command: no process, no lock that is held, no run that counts as started, no slot."""
        self.wait_until_quiet()
        assert self.held_locks() == []
        assert self.unfinished_runs() == []
        assert self.taken_slots() == set()


def _is_held(file: Path) -> bool:
    try:
        descriptor = os.open(file, os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    else:
        return False
    finally:
        os.close(descriptor)


def _environment(entry: Path) -> list[bytes]:
    try:
        return (entry / "environ").read_bytes().split(b"\0")
    except OSError:
        return []
