"""The commit that a version is made at."""

import subprocess
from pathlib import Path

import pytest

from sg_assets.store.checkout import git_state
from sg_assets_tests.paths import PROJECT


def test_the_commit_is_that_of_the_package_s_checkout() -> None:
    if not (PROJECT / ".git").exists():
        pytest.skip("the package does not run from a checkout")
    command = ["git", "-C", str(PROJECT), "rev-parse", "HEAD"]
    head = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    state = git_state()
    assert state is not None
    assert state.commit == head


def test_without_git_there_is_no_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert git_state() is None
