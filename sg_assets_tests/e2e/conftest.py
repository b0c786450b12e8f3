"""One run of the whole graph on the tiny profile, through the command line, shared by all tests here."""

import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from sg_assets.store.store import Store
from sg_assets_tests.paths import PROJECT


@dataclass(frozen=True)
class Finished:
    """A run of ``sg-assets run`` that ended."""

    home: Path
    output: str
    errors: str
    seconds: float

    @property
    def store(self) -> Store:
        return Store(self.home / "tiny" / "store", "tiny")


def sg_assets(home: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """The command line on the tiny profile, in its own process."""
    environment = {**os.environ, "SG_PROFILE": "tiny", "SG_HOME": str(home), "COLUMNS": "120", **variables}
    command = [sys.executable, "-c", "from sg_assets.cli.app import main; main()", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=900, check=False)


def run_graph(home: Path, **variables: str) -> Finished:
    started = time.monotonic()
    ended = sg_assets(home, "run", **variables)
    assert ended.returncode == 0, ended.stderr + ended.stdout
    return Finished(home, ended.stdout, ended.stderr, time.monotonic() - started)


@pytest.fixture
def home(finished: Finished, tmp_path: Path) -> Path:
    """A copy of the finished run, to change."""
    shutil.copytree(finished.home, tmp_path / "home")
    return tmp_path / "home"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the declarations, to change."""
    for folder in ("models", "sql"):
        shutil.copytree(PROJECT / folder, tmp_path / "project" / folder)
    return tmp_path / "project"


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    return run_graph(tmp_path_factory.mktemp("tiny"))
