"""Progress bars of libraries make no semaphore that outlives a killed watcher."""

import subprocess
import sys

import pytest

PROGRAM = """
import multiprocessing.synchronize as locks
from sg_assets.processes.bar_locks import lock_bars_between_threads

made = []
init = locks.SemLock.__init__
locks.SemLock.__init__ = lambda self, *given, **named: (made.append(self), init(self, *given, **named))[1]
{call}
from tqdm.auto import tqdm
list(tqdm(range(3), disable=True))
print(len(made))
"""


@pytest.mark.parametrize(("call", "semaphores"), [("", 1), ("lock_bars_between_threads()", 0)])
def test_a_bar_makes_no_semaphore(call: str, semaphores: int) -> None:
    program = PROGRAM.format(call=call)
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert int(ended.stdout) == semaphores
