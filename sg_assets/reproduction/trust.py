"""Whether the stored code of a version may run: only code that this checkout has anyway.

Whoever can write to a store could put code into it, so being stored is no reason to run. A package whose every text is
a file of a single commit of this checkout is code that was accepted here.
"""

import hashlib
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

from sg_assets.store.manifests import GitState

_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_SECRET = re.compile(r"key|token|secret|passw|credential|auth|cookie|session|private", re.IGNORECASE)


def is_of_this_checkout(texts: Mapping[str, str], git: GitState | None, checkout: Path) -> bool:
    """Whether every text is that of a file at a commit that a branch of this checkout holds.

    Args:
        texts: By path from the checkout's root.
        git: The commit that the version records; the checkout must confirm it.
        checkout: A folder inside the checkout.
    """
    if git is None or not texts or not _COMMIT.fullmatch(git.commit):
        return False
    try:
        top = Path(_git(checkout, "rev-parse", "--show-toplevel").strip())
        branches = _git(top, "for-each-ref", "--contains", git.commit, "refs/heads").strip()
        if not branches:
            _git(top, "merge-base", "--is-ancestor", git.commit, "HEAD")  # fails where it is not
        listed = _git(top, "ls-tree", "-r", "-z", git.commit, "--", "sg_assets")
    except (OSError, subprocess.SubprocessError):
        return False
    known = dict(_entry(line) for line in listed.split("\0") if line)
    return all(known.get(path) == _blob(text, len(git.commit)) for path, text in texts.items())


def without_secrets(environment: Mapping[str, str]) -> dict[str, str]:
    """An environment without the variables whose names sound like a secret's."""
    return {name: value for name, value in environment.items() if not _SECRET.search(name)}


def _entry(line: str) -> tuple[str, str]:
    attributes, _, path = line.partition("\t")
    return path, attributes.split()[2]


def _blob(text: str, length: int) -> str:
    """Git's digest of a file with this text."""
    content = text.encode()
    algorithm = hashlib.sha1 if length == 40 else hashlib.sha256
    return algorithm(b"blob %d\0" % len(content) + content).hexdigest()


def _git(folder: Path, *arguments: str) -> str:
    command = ["git", "-C", str(folder), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout
