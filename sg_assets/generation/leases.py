"""Leases on keys, so that no two processes of a machine generate the same answer at once.

A process that is about to generate lists its keys in a lease file and holds an exclusive ``flock`` on it until it is
done. Others leave those keys to that process and wait for the lock. The kernel releases the lock when its holder dies,
however it dies: the lease is free at once, and a waiting process takes over the remaining keys.

Claiming is a short section under a further lock, so two claims never overlap. Within it the leases are read
first and the stored answers after them: a lease that is gone has its answers in the segments. A process waits only
after it has released its own lease, so no two ever wait for each other. Locks hold between processes of one machine;
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
"""Seconds between two checks of a lease that a process waits for."""


@dataclass(frozen=True)
class Claim:
    """Keys that a process claimed, and those that others hold."""

    mine: tuple[str, ...]
    """Keys this process now holds, in the order asked for."""
    taken: int
    """How many of the keys others hold."""
    others: tuple[Path, ...]
    """The leases on those keys."""


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
            held_keys = self._held()
            wanted = missing()
            theirs = {path: keys.intersection(wanted) for path, keys in held_keys.items()}
            taken = set[str]().union(*theirs.values())
            mine = tuple(key for key in wanted if key not in taken)
            path = self._folder / f"{ULID()}.keys"
            lease = _write_lease(path, mine)
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
        """The keys of every live lease. A dead lease is removed: no other process reads leases now."""
        keys_by_lease: dict[Path, set[str]] = {}
        for path in sorted(self._folder.glob("*.keys")):
            if is_held(path):
                keys_by_lease[path] = _keys(path)
            else:
                path.unlink(missing_ok=True)
        return keys_by_lease


def is_held(lease: Path) -> bool:
    """Whether the process that wrote a lease lives and has not released it."""
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


def wait_for_leases(leases: Collection[Path], report: Callable[[], None]) -> None:
    """Wait until none of the leases is held; ``report`` is called now and then meanwhile."""
    while any(map(is_held, leases)):
        report()
        time.sleep(_POLL)


def _write_lease(path: Path, keys: Sequence[str]) -> int:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    path.write_text("\n".join(keys), encoding="ascii")
    return descriptor


def _keys(lease: Path) -> set[str]:
    try:
        return set(lease.read_text(encoding="ascii").split())
    except FileNotFoundError:  # released in this moment
        return set()
