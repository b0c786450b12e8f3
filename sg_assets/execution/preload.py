"""The imports that lanes share: made once by the server that they are forked from.

Great Expectations takes seconds to import, and nearly every table has a rule for it.
"""

import atexit
import gc
import os

from sg_assets.processes.bar_locks import lock_bars_between_threads
from sg_assets.processes.gc_paused import gc_paused

# Without the pause these imports take 4.45 s of processor time, with it 3.87 s: what is frozen below is never searched.
with gc_paused():
    import sg_assets.definitions
    import sg_assets.quality.great_expectations  # noqa: F401

lock_bars_between_threads()

# Imported modules stay, so a lane neither searches them for garbage, at a quarter of a second each time, nor copies
# them by that search.
gc.freeze()


@atexit.register
def _silence_exit() -> None:
    """DuckDB's binding prints every object that still exists when Python ends; here all of them do, on purpose."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
