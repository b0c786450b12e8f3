"""A quiet end of a process."""

import subprocess
import sys

SCRIPT = """
import atexit, os, sys
from sg_assets.processes.teardown import quiet_teardown
atexit.register(lambda: os.write(2, b"leak"))
quiet_teardown()
sys.stderr.write("error")
"""


def test_what_python_wrote_is_kept_and_what_comes_after_is_dropped() -> None:
    ended = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)
    assert ended.stderr == "error"
