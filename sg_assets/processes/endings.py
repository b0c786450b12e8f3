"""How a process ended, in words for people: an exit status, a signal, and what the system says of memory."""

import signal
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_CGROUPS: Final = Path("/sys/fs/cgroup")
_SHELL_SIGNALS: Final = 128
"""A shell reports a signal as its number added to this."""
_MEANINGS: Final = {
    signal.SIGKILL: "killed by signal 9 (SIGKILL), which a person, a supervisor or the system sends",
    signal.SIGTERM: "told to end by signal 15 (SIGTERM), which a person, a supervisor or a shutdown sends",
    signal.SIGINT: "interrupted by signal 2 (SIGINT)",
    signal.SIGHUP: "ended by signal 1 (SIGHUP): its terminal was closed",
    signal.SIGSEGV: "it crashed with signal 11 (SIGSEGV): a fault in a native library",
    signal.SIGBUS: (
        "it crashed with signal 7 (SIGBUS): a file mapped into memory could not be read or written, as on a full or "
        "failing disk"
    ),
    signal.SIGABRT: "it stopped itself with signal 6 (SIGABRT): a native library met a state it cannot go on from",
    signal.SIGILL: "it crashed with signal 4 (SIGILL): a native library needs a processor with other instructions",
    signal.SIGFPE: "it crashed with signal 8 (SIGFPE): an arithmetic fault in a native library",
    signal.SIGXCPU: "ended by signal 24 (SIGXCPU): its allowance of processor time is used up",
    signal.SIGXFSZ: "ended by signal 25 (SIGXFSZ): a file would have grown beyond the allowed size",
}


@dataclass(frozen=True)
class MemoryKills:
    """How many processes the system has killed for want of memory; compared before and after."""

    in_group: int | None
    """In this process's control group, where the system counts them there."""
    in_system: int | None
    """On the whole machine."""

    def since(self, earlier: "MemoryKills") -> str | None:
        """The evidence that the system killed a process for want of memory since; None where there is none."""
        if _rose(earlier.in_group, self.in_group):
            return "the system killed a process of this group meanwhile because its memory was used up"
        if (self.in_group is None or earlier.in_group is None) and _rose(earlier.in_system, self.in_system):
            return "the system killed a process meanwhile because memory was used up"
        return None


def memory_kills() -> MemoryKills:
    """The counts until now."""
    return MemoryKills(_in_group(), _count(Path("/proc/vmstat"), "oom_kill"))


def ending(status: int, before: MemoryKills | None = None, after: MemoryKills | None = None) -> str:
    """How a process ended.

    Args:
        status: As `subprocess` has it: the negative number of a signal, else the exit status.
        before: Counts of processes killed for want of memory, from before it ended.
        after: The same, from after it ended.
    """
    number = signal_of(status)
    if number is None:
        return f"it ended with exit status {status}"
    evidence = after.since(before) if number == signal.SIGKILL and before is not None and after is not None else None
    if evidence is not None:
        return f"killed by signal 9 (SIGKILL): {evidence}"
    meaning = _MEANINGS.get(number, f"ended by signal {int(number)} ({number.name})")
    if number == signal.SIGKILL and before is not None:
        return f"{meaning}; nothing shows that memory ran out"
    return meaning


def signal_of(status: int) -> signal.Signals | None:
    """The signal that ended a process, also as a shell reports it; None where it ended by itself."""
    number = -status if status < 0 else status - _SHELL_SIGNALS
    try:
        return signal.Signals(number) if number > 0 else None
    except ValueError:
        return None


def _in_group() -> int | None:
    try:
        lines = Path("/proc/self/cgroup").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return None
    for line in lines:
        _, controllers, path = line.split(":", 2)
        if controllers == "":
            count = _nearest(_CGROUPS, path, "memory.events")
        elif "memory" in controllers.split(","):
            count = _nearest(_CGROUPS / "memory", path, "memory.oom_control")
        else:
            continue
        if count is not None:
            return count
    return None


def _nearest(root: Path, path: str, name: str) -> int | None:
    """The count of a group, or of the group that a container sees as its root."""
    for folder in (root / path.lstrip("/"), root):
        count = _count(folder / name, "oom_kill")
        if count is not None:
            return count
    return None


def _count(file: Path, key: str) -> int | None:
    try:
        lines = file.read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return None
    return next((int(value) for name, _, value in (line.partition(" ") for line in lines) if name == key), None)


def _rose(earlier: int | None, later: int | None) -> bool:
    return earlier is not None and later is not None and later > earlier
