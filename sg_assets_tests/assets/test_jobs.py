"""Waiting for work in its own process."""

import subprocess
import sys

PROGRAM = """
import os, signal, subprocess, threading
def interrupted(*_): raise RuntimeError
signal.signal(signal.SIGINT, interrupted)
import polars
from sg_assets.assets.jobs import hear_interrupts
hear_interrupts()
process = subprocess.Popen(["sleep", "60"])
threading.Timer(0.5, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
try:
    process.wait()
except RuntimeError:
    print("interrupted", process.poll())
    process.kill()
"""


def test_a_wait_for_a_process_is_interrupted_though_polars_was_imported_after_the_handler_was_set() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["interrupted", "None"]
