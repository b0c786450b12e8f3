"""How a process ended is said as what it was; memory is named only where the system says so."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from sg_assets.processes import endings as module
from sg_assets.processes.endings import MemoryKills, ending, memory_kills, signal_of

NONE = MemoryKills(0, 0)


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (-9, "signal 9 (SIGKILL)"),
        (137, "signal 9 (SIGKILL)"),
        (-15, "signal 15 (SIGTERM)"),
        (143, "signal 15 (SIGTERM)"),
        (-2, "signal 2 (SIGINT)"),
        (130, "signal 2 (SIGINT)"),
        (-1, "its terminal was closed"),
        (-11, "signal 11 (SIGSEGV): a fault in a native library"),
        (139, "signal 11 (SIGSEGV)"),
        (-7, "on a full or failing disk"),
        (-6, "signal 6 (SIGABRT)"),
        (134, "signal 6 (SIGABRT)"),
        (-4, "signal 4 (SIGILL)"),
        (-8, "signal 8 (SIGFPE)"),
        (-24, "processor time"),
        (-25, "beyond the allowed size"),
        (-10, "signal 10 (SIGUSR1)"),
        (1, "exit status 1"),
        (2, "exit status 2"),
        (255, "exit status 255"),
        (0, "exit status 0"),
    ],
)
def test_each_ending_is_said(status: int, said: str) -> None:
    text = ending(status, NONE, NONE)
    assert said in text
    assert "memory" not in text.replace("nothing shows that memory ran out", "").replace("mapped into memory", "")


@pytest.mark.parametrize(
    ("before", "after", "is_evidence"),
    [
        (MemoryKills(0, 0), MemoryKills(1, 1), True),
        (MemoryKills(3, 9), MemoryKills(3, 10), False),  # of another group
        (MemoryKills(None, 4), MemoryKills(None, 5), True),
        (MemoryKills(None, 4), MemoryKills(None, 4), False),
        (MemoryKills(None, None), MemoryKills(None, None), False),
        (MemoryKills(None, None), MemoryKills(None, 3), False),
    ],
)
def test_memory_is_named_where_the_system_counted_a_kill(
    before: MemoryKills, after: MemoryKills, is_evidence: bool
) -> None:
    assert ("memory was used up" in ending(-9, before, after)) == is_evidence
    assert ("nothing shows that memory ran out" in ending(-9, before, after)) != is_evidence
    assert "used up" not in ending(-11, before, after)


def test_both_versions_of_control_groups_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_CGROUPS", tmp_path)
    (tmp_path / "a").mkdir()
    (tmp_path / "a/memory.events").write_text("low 0\noom 4\noom_kill 2\noom_group_kill 0\n")
    (tmp_path / "memory").mkdir()
    (tmp_path / "memory/memory.oom_control").write_text("oom_kill_disable 0\nunder_oom 0\noom_kill 7\n")
    assert module._nearest(tmp_path, "/a", "memory.events") == 2
    assert module._nearest(tmp_path, "/not/mounted", "memory.events") is None
    assert module._nearest(tmp_path / "memory", "/of/the/host", "memory.oom_control") == 7


def test_a_real_process_s_end_is_read() -> None:
    before = memory_kills()
    process = subprocess.Popen([sys.executable, "-c", "import os; os.kill(os.getpid(), 9)"])
    assert signal_of(process.wait()) is signal.SIGKILL
    assert "nothing shows" in ending(process.returncode, before, before)
