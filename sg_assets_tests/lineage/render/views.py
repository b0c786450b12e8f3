"""Shared by the tests of views: goldens, the terminal as text, and hostile values."""

import io
import re
from collections.abc import Callable

from rich.console import Console

from sg_assets.lineage.render.why_terminal import view
from sg_assets.lineage.why import Why
from sg_assets.store.manifests import PinnedInput

Golden = Callable[[str, str], None]
SECRET = re.compile(r"comment \d|answer \d")
"""The item texts of the small world."""
HOSTILE = '<script>alert(1)</script><img src=x onerror=alert(1)>" onmouseover="alert(1)'


def terminal(shown: Why) -> str:
    file = io.StringIO()
    Console(file=file, width=100).print(view(shown), highlight=False)
    return "\n".join(line.rstrip() for line in file.getvalue().splitlines()) + "\n"


def pin(name: str) -> PinnedInput:
    return PinnedInput(asset=name, partition=None, version="v", fingerprint="f")
