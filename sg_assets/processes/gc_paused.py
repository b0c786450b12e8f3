"""Pausing Python's search for garbage while what is made is to stay."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def gc_paused() -> Iterator[None]:
    """No search for garbage inside of the block; unless it was off before, it is on again after it.

    Definitions live as long as their process, and so does what Dagster imported before them. Loading them makes so many
    objects that all of these were searched for garbage several times, at a tenth of a second each.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
