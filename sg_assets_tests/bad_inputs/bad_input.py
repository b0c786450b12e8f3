"""A bad input and the answer to it, and ways to get the answer as its user sees it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sg_assets.cli.app import app
from sg_assets.errors import SgAssetsError

Act = Callable[[Path, pytest.MonkeyPatch], str]
"""Hands in the bad input, in an empty folder, and returns what the user reads. It fails where anything is published."""


@dataclass(frozen=True)
class BadInput:
    """A bad input and what its error must say."""

    name: str
    """Names the case in test output; unique within its module."""
    act: Act
    """Hands the input in."""
    says: tuple[str, ...]
    """Parts of the error: what is wrong, where (file and row or line), and the remedy."""


def error_of(call: Callable[[], object]) -> str:
    """The text of the error of our own that ``call`` ends in; any other error goes through and fails the test."""
    try:
        call()
    except SgAssetsError as error:
        return str(error)
    raise AssertionError("the bad input was accepted")


def command(*arguments: str) -> str:
    """What ``sg-assets`` prints for bad ``arguments``, run in this process; it must fail with a readable text."""
    result = CliRunner().invoke(app, list(arguments))
    if isinstance(result.exception, SgAssetsError):
        return str(result.exception)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code != 0, "the bad input was accepted"
    return result.output
