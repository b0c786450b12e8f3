"""Pausing the search for garbage."""

import gc

import pytest

from sg_assets.processes.gc_paused import gc_paused


def test_no_garbage_is_looked_for_inside_of_the_block_and_again_after_it() -> None:
    with gc_paused():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_garbage_is_looked_for_again_after_an_error() -> None:
    with pytest.raises(ValueError, match="wrong"), gc_paused():
        raise ValueError("wrong")
    assert gc.isenabled()


def test_who_looked_for_no_garbage_before_does_not_after() -> None:
    gc.disable()
    try:
        with gc_paused():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
