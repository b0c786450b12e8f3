"""A quiet end for our own processes."""

import atexit
import os
import sys


def quiet_teardown() -> None:
    """Drop what native libraries print after Python has ended.

    Beside torch or scikit-learn, DuckDB's bindings report pages of "leaks" of their own types while the interpreter is
    taken down. Nothing is left to do by then, and a reader would take it for the reason of something.
    """
    atexit.register(_drop_stderr)


def _drop_stderr() -> None:
    sys.stderr.flush()
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
