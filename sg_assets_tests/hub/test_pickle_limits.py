"""What the process that converts pickles may not do."""

import platform
import subprocess
import sys

import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.hub.pickle_limits import SECONDS, require_limits, seconds_for

_BEGIN = (
    "import os, socket, subprocess, sys\nfrom sg_assets.hub.pickle_limits import limit_process\nlimit_process(1000)\n"
)


def ended(code: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", _BEGIN + code], capture_output=True, text=True, check=False, timeout=60
    )


@pytest.mark.parametrize("code", [
    "socket.socket()",
    "socket.socket(socket.AF_UNIX)",
    "os.execv('/bin/true', ['true'])",
    "subprocess.run(['/bin/true'])",
])  # fmt: skip
def test_network_and_other_programs_are_refused_by_the_kernel(code: str) -> None:
    result = ended(code)
    assert result.returncode == 1
    assert "PermissionError: [Errno 1]" in result.stderr


def test_threads_have_the_same_limits() -> None:
    code = """
import threading
refused = []
def work():
    try:
        socket.socket()
    except PermissionError:
        refused.append(1)
thread = threading.Thread(target=work); thread.start(); thread.join()
sys.exit(0 if refused else 3)
"""
    assert ended(code).returncode == 0


def test_memory_is_bounded() -> None:
    assert "MemoryError" in ended("bytearray(4 * 10**9)").stderr


def test_written_bytes_are_bounded() -> None:
    code = "import tempfile\nwith tempfile.TemporaryFile() as f:\n    f.truncate(2 * 10**8)"
    assert "File too large" in ended(code).stderr or ended(code).returncode < 0


def test_plain_work_goes_on() -> None:
    result = ended("open('/dev/null').read(); print(sum(range(10)))")
    assert (result.returncode, result.stdout) == (0, "45\n")


def test_larger_files_may_take_longer() -> None:
    assert seconds_for(5) == SECONDS
    assert seconds_for(16 * 10**9) == SECONDS + 16 * 60


def test_a_system_without_such_limits_converts_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    require_limits()
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")
    with pytest.raises(SgAssetsError, match=r"cannot be converted here.*riscv64.*with safetensors"):
        require_limits()
