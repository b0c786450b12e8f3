"""Git, as tests of checkouts need it."""

import subprocess
from pathlib import Path


def git(folder: Path, *arguments: str) -> str:
    """What a command of git says in a folder."""
    author = ("-c", "user.name=tester", "-c", "user.email=tester@localhost")
    command = ["git", "-C", str(folder), *author, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
