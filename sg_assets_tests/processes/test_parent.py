"""A job ends with the process that started it."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sg_assets.processes.parent import INTERRUPTED, PARENT_VARIABLE
from sg_assets_tests.processes.jobs import SLEEPER

STARTER = """
import os, subprocess, sys, time
from sg_assets.processes.parent import PARENT_VARIABLE
job = subprocess.Popen([sys.executable, "-c", sys.argv[1]], env={**os.environ, PARENT_VARIABLE: str(os.getpid())})
print(job.pid, flush=True)
time.sleep(60)
"""


def wait_until_gone(pid: int, seconds: float) -> bool:
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        if not Path(f"/proc/{pid}").exists():
            return True
        time.sleep(0.02)
    return False


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks for processes in /proc")
@pytest.mark.slow
def test_a_job_ends_soon_after_the_process_that_started_it_was_killed() -> None:
    starter = subprocess.Popen([sys.executable, "-c", STARTER, SLEEPER], stdout=subprocess.PIPE, text=True)
    assert starter.stdout is not None
    job = int(starter.stdout.readline())
    assert starter.stdout.readline() == "working\n"
    time.sleep(1)  # longer than it takes to look at the parent once
    assert Path(f"/proc/{job}").exists()
    starter.kill()
    starter.wait()
    assert wait_until_gone(job, 5)


def test_a_job_whose_parent_is_gone_before_it_looks_ends() -> None:
    environment = {**os.environ, PARENT_VARIABLE: "1"}
    process = subprocess.Popen([sys.executable, "-c", SLEEPER], stderr=subprocess.PIPE, text=True, env=environment)
    assert process.communicate(timeout=5)[1] == "pid 1, which started this process, is gone: ending\n"
    assert process.returncode == INTERRUPTED
