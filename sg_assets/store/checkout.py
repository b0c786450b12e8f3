"""The commit that a version was made at, for people; only the code fingerprint counts."""

import subprocess
from pathlib import Path

from sg_assets.store.manifests import GitState


def git_state() -> GitState | None:
    """The package's commit, where it runs from a checkout."""
    here = Path(__file__).parent
    try:
        commit = _git(here, "rev-parse", "HEAD")
        dirty = bool(_git(here, "status", "--porcelain", "--untracked-files=no"))
    except (OSError, subprocess.SubprocessError):
        return None
    return GitState(commit=commit, dirty=dirty)


def _git(folder: Path, *arguments: str) -> str:
    command = ["git", "-C", str(folder), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=20).stdout.strip()
