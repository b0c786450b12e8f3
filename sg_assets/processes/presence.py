"""Files that show which processes live: each is locked by its process, and the system releases it however that ends.

A process id says little: it is used again, and another container or a restarted machine counts its own. A lock cannot
be mistaken: whoever gets it knows that its holder is gone.
"""

import contextlib
import fcntl
import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final
from uuid import uuid4

PRESENCES: Final = "processes"
"""The folder of these files, in a profile's Dagster home."""
SERVER_TITLE: Final = "sg-assets ui"
"""What the server does, which starts runs that are queued."""
_BOOT_ID: Final = Path("/proc/sys/kernel/random/boot_id")
_held: set[int] = set()
"""Descriptors of this process's locked files."""


@dataclass(frozen=True)
class Presence:
    """A process that lives, or that ended without saying so."""

    id: str
    """Names its file."""
    title: str
    """What it does, for people."""
    pid: int
    host: str
    began: float
    """Seconds since 1970."""
    boot: str
    """Which start of the machine it lived in; empty where the system does not say."""

    def __str__(self) -> str:
        """The process, for people."""
        return f"{self.title} (pid {self.pid} on {self.host})"

    @property
    def is_of_earlier_boot(self) -> bool:
        """Whether this machine was started again since."""
        return self.host == socket.gethostname() and bool(self.boot) and self.boot != _boot()


@contextmanager
def presence(folder: Path, title: str) -> Iterator[Presence]:
    """Show until the block ends that this process lives; a killed process leaves its file, unlocked."""
    folder.mkdir(parents=True, exist_ok=True)
    own = Presence(uuid4().hex, title, os.getpid(), socket.gethostname(), time.time(), _boot())
    path = _path(folder, own.id)
    written = path.with_suffix(".new")
    descriptor = os.open(written, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        _held.add(descriptor)
        os.write(descriptor, json.dumps(asdict(own)).encode())
        written.rename(path)  # it is locked when others first see it
        yield own
    finally:
        for file in (path, written):
            with contextlib.suppress(OSError):
                file.unlink()
        _held.discard(descriptor)
        os.close(descriptor)


def is_alive(folder: Path, presence_id: str) -> bool:
    """Whether the process of an id lives. One that ended as it should has no file any more."""
    return _is_locked(_path(folder, presence_id))


def living(folder: Path) -> list[Presence]:
    """The processes that live, oldest first."""
    return [shown for path, shown in _all(folder) if _is_locked(path)]


def gone(folder: Path) -> list[Presence]:
    """The processes that ended without removing their file: killed, or taken down with the machine."""
    return [shown for path, shown in _all(folder) if not _is_locked(path)]


def forget(folder: Path, presences: list[Presence]) -> None:
    """Remove the files of processes that are gone, once what they left is settled."""
    for shown in presences:
        _path(folder, shown.id).unlink(missing_ok=True)


def _all(folder: Path) -> list[tuple[Path, Presence]]:
    shown = ((path, _read(path)) for path in sorted(folder.glob("*.json")))
    return sorted(((path, known) for path, known in shown if known is not None), key=lambda pair: pair[1].began)


def _read(path: Path) -> Presence | None:
    """What a file says; a torn or foreign one has only its name."""
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        return replace(Presence(**values), id=path.stem)
    except FileNotFoundError:
        return None  # it ended as it should just now
    except (ValueError, TypeError, OSError):
        return Presence(path.stem, "a process", 0, "", 0.0, "")


def _is_locked(path: Path) -> bool:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
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


def _path(folder: Path, presence_id: str) -> Path:
    return folder / f"{presence_id}.json"


def _boot() -> str:
    try:
        return _BOOT_ID.read_text(encoding="ascii").strip()
    except OSError:
        return ""


def _close_in_child() -> None:
    """A forked child shares the lock, and would hold it after this process's end."""
    for descriptor in _held:
        os.close(descriptor)
    _held.clear()


os.register_at_fork(after_in_child=_close_in_child)
