"""What lanes are forked with: imported once, by the server they come from, and by each of them for nothing.

Great Expectations takes seconds to import, and nearly every table has a rule for it.
"""

import atexit
import gc
import os

from sg_assets.processes.gc_paused import gc_paused

# Without the pause these imports take 4.45 s of processor time, with it 3.87 s: what is frozen below is never searched.
with gc_paused():
    import sg_assets.definitions
    import sg_assets.quality.great_expectations  # noqa: F401

# What was imported stays, so it is neither searched for garbage in a lane, at a quarter of a second each time, nor
# copied by that search.
gc.freeze()


@atexit.register
def _end_in_silence() -> None:
    """What DuckDB is bound by tells each object that is there when Python ends; here all of it is, on purpose."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
