"""Who generates which key: one lease per key among all processes of a machine, so no answer is made twice at once.

A process that is about to generate lists its keys in a lease file and holds an exclusive ``flock`` on it until it is
done. Others leave those keys to it and wait for the lock. The kernel lets go of the lock when the holder dies, however
it dies: its lease is free at once and whoever waited takes the rest over.

Claiming is a short section of its own under one more lock, so two claims never overlap. Within it the leases are read
first and the stored answers after them: a lease that is gone has its answers in the segments. A process waits only
after it has let go of its own lease, so no two ever wait for each other. Locks hold between processes of one machine;
the folder belongs on a local disk.
"""

import fcntl
import os
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ulid import ULID

_POLL = 0.1
"""Seconds between looks at a lease that is waited for."""


@dataclass(frozen=True)
class Claim:
    """The outcome of asking for keys."""

    mine: tuple[str, ...]
    """Keys this process now holds, in the order asked for."""
    taken: int
    """How many of the keys others hold."""
    others: tuple[Path, ...]
    """The leases they hold them by."""


class Leases:
    """The leases of one engine identity."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def claim(self, missing: Callable[[], Sequence[str]]) -> Iterator[Claim]:
        """Hold, until the block ends, those of the missing keys that nobody else is generating.

        Args:
            missing: Gives the keys without a stored answer; called while no one else can claim.
        """
        with self._alone():
            held = self._held()
            wanted = missing()
            theirs = {path: keys.intersection(wanted) for path, keys in held.items()}
            taken = set[str]().union(*theirs.values())
            mine = tuple(key for key in wanted if key not in taken)
            path = self._folder / f"{ULID()}.keys"
            lease = _hold(path, mine)
        try:
            yield Claim(mine, len(taken), tuple(path for path, keys in theirs.items() if keys))
        finally:
            path.unlink()
            os.close(lease)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self._folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self._folder / "claim.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def _held(self) -> dict[Path, set[str]]:
        """The keys of every live lease. A dead one is removed: nobody else looks at leases now."""
        found: dict[Path, set[str]] = {}
        for path in sorted(self._folder.glob("*.keys")):
            if is_held(path):
                found[path] = _keys(path)
            else:
                path.unlink(missing_ok=True)
        return found


def is_held(lease: Path) -> bool:
    """Whether the process that wrote a lease lives and has not let go of it."""
    try:
        descriptor = os.open(lease, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    else:
        return False
    finally:
        os.close(descriptor)


def wait(leases: Collection[Path], tell: Callable[[], None]) -> None:
    """Wait until none of the leases is held; ``tell`` is called now and then meanwhile."""
    while any(map(is_held, leases)):
        tell()
        time.sleep(_POLL)


def _hold(path: Path, keys: Sequence[str]) -> int:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    path.write_text("\n".join(keys), encoding="ascii")
    return descriptor


def _keys(lease: Path) -> set[str]:
    try:
        return set(lease.read_text(encoding="ascii").split())
    except FileNotFoundError:  # let go of in this moment
        return set()
