"""What the process that converts pickled weights may not do, and how much of the machine it may take.

`torch.load` with ``weights_only`` runs no code that a file names. The limits hold should that ever fail: no network, no
other program, a bound to memory, time and written bytes.
"""

import ctypes
import platform
import resource
import sys
from pathlib import Path
from typing import Final

from sg_assets.errors import SgAssetsError

_KERNELS: Final = {
    # The kernel's number of the machine; numbers of socket, connect, bind, sendto, execve, execveat, ptrace,
    # process_vm_writev, io_uring_setup.
    "x86_64": (0xC000003E, (41, 42, 49, 44, 59, 322, 101, 311, 425)),
    "aarch64": (0xC00000B7, (198, 203, 200, 206, 221, 281, 117, 271, 425)),
}
_OTHER_TABLE: Final = 0x40000000
"""From here on the numbers are those of another table of the same machine, which would go round the filter."""
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _NOT_PERMITTED, _KILL = 0x7FFF0000, 0x00050001, 0x80000000
_NO_NEW_PRIVILEGES, _SET_FILTER, _FILTER = 38, 22, 2
_GIGABYTE: Final = 10**9
SECONDS: Final = 300
"""The least time a conversion may take; a minute more for each gigabyte."""


class _Instruction(ctypes.Structure):
    _fields_ = (
        ("code", ctypes.c_ushort),
        ("if_true", ctypes.c_ubyte),
        ("if_false", ctypes.c_ubyte),
        ("value", ctypes.c_uint),
    )


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.POINTER(_Instruction)))


def seconds_for(size: int) -> int:
    """How long a conversion of so many bytes may take."""
    return SECONDS + 60 * (size // _GIGABYTE)


def require_limits() -> None:
    """Raise where this system has no way to keep a process from the network.

    Raises:
        SgAssetsError: it is not Linux on a known machine.
    """
    if sys.platform != "linux" or platform.machine() not in _KERNELS:
        raise SgAssetsError(
            "pickled weights cannot be converted here",
            why=f"a process cannot be kept from the network on {sys.platform}, {platform.machine()}",
            remedy="Convert them on Linux, or name a repository or folder with safetensors",
        )


def limit_process(size: int) -> None:
    """Take network, other programs, and more memory, time and disk than the conversion needs from this process.

    Args:
        size: Bytes of the files to convert.

    Raises:
        SgAssetsError: the system refuses.
    """
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    mapped = pages * resource.getpagesize()
    seconds = seconds_for(size)
    for limit, value in (
        (resource.RLIMIT_AS, mapped + 4 * size + _GIGABYTE),
        (resource.RLIMIT_FSIZE, 2 * size + _GIGABYTE // 10),
        (resource.RLIMIT_CPU, 4 * seconds),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(limit)[1]
        lowest = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(limit, (lowest, lowest))
    _forbid_calls()


def _forbid_calls() -> None:
    """Let the kernel refuse what a conversion never asks for, in this thread and those it starts; for good."""
    machine, numbers = _KERNELS[platform.machine()]
    refused = [(_EQUAL, 0, 1, number) for number in numbers]
    lines = [
        (_LOAD, 0, 0, 4), (_EQUAL, 1, 0, machine), (_RETURN, 0, 0, _KILL), (_LOAD, 0, 0, 0),
        (_AT_LEAST, 0, 1, _OTHER_TABLE), (_RETURN, 0, 0, _KILL),
        *(line for compared in refused for line in (compared, (_RETURN, 0, 0, _NOT_PERMITTED))),
        (_RETURN, 0, 0, _ALLOW),
    ]  # fmt: skip
    instructions = (_Instruction * len(lines))(*(_Instruction(*line) for line in lines))
    program = _Program(len(lines), instructions)
    system = ctypes.CDLL(None, use_errno=True)
    if system.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) or system.prctl(_SET_FILTER, _FILTER, ctypes.byref(program), 0, 0):
        raise SgAssetsError(
            "pickled weights cannot be converted here", why="the kernel does not let a process give up the network",
            remedy="Convert them on another machine, or name a repository or folder with safetensors",
        )  # fmt: skip
