"""Interpreters of the Python versions that the package is for, as far as they are there."""

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

VERSIONS = ("3.11", "3.12", "3.13")


def interpreter(version: str) -> str:
    """The interpreter of a version such as ``3.13``, with its standard library alone; skips the test where none is."""
    python = _interpreter(version)
    if python is None:
        pytest.skip(f"no Python {version} here")
    return python


@cache
def _interpreter(version: str) -> str | None:
    if version == f"{sys.version_info.major}.{sys.version_info.minor}":
        return sys.executable
    candidates = [shutil.which(f"python{version}"), *_of_pyenv(version)]
    return next((python for python in candidates if python is not None and _runs(python)), None)


def _of_pyenv(version: str) -> list[str]:
    """What pyenv has installed, chosen or not: its own commands run only what is chosen."""
    root = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    return [str(path) for path in sorted(root.glob(f"versions/{version}.*/bin/python"))]


def _runs(python: str) -> bool:
    return subprocess.run([python, "-c", ""], capture_output=True, check=False).returncode == 0
