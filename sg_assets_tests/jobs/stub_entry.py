"""The entry of jobs with a training that only says which card it sees, and waits for another to say so."""

import json
import os
import sys
import time
from pathlib import Path

from sg_assets.jobs import entry
from sg_assets.training import job


def main(arguments: list[str]) -> int:
    """Run a payload whose training is a stub."""
    job.main = _see
    return entry.main(arguments)


def _see(arguments: list[str]) -> int:
    spec = json.loads(Path(arguments[0]).read_text())
    folder = Path(spec["folder"])
    (folder / f"{os.getpid()}.seen").write_text(os.environ.get("CUDA_VISIBLE_DEVICES", "none"))
    deadline = time.monotonic() + 20
    while len(list(folder.glob("*.seen"))) < spec["at_once"]:
        if time.monotonic() > deadline:
            return 1
        time.sleep(0.01)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
