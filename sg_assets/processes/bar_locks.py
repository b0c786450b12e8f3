"""How progress bars of libraries take turns in a process."""

import threading


def lock_bars_between_threads() -> None:
    """Let tqdm lock its bars between the threads of this process alone.

    Its usual lock is also a semaphore between processes, which a further process of Python's watches over. Where that
    process is killed, Python prints a traceback at the end of work that has lost nothing.
    """
    from tqdm import tqdm

    tqdm.set_lock(threading.RLock())
