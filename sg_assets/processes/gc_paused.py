"""Pausing Python's garbage collector while long-lived objects are made."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def gc_paused() -> Iterator[None]:
    """No garbage collection inside the block; unless it was off before, it is on again afterwards.

    Imports make so many objects that all of these are searched several times, at a tenth of a second each. A pause
    alone only delays the search: it gains where the objects are frozen afterwards, as where lanes are forked.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
