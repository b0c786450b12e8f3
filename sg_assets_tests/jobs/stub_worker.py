"""A worker whose trainings only note which process ran them, and do what their spec says."""

import json
import os
import signal
import sys
import time
from pathlib import Path

from sg_assets.jobs import worker
from sg_assets.training import job

IDLE_VARIABLE = "SG_TEST_IDLE"


def main(arguments: list[str]) -> int:
    """Serve payloads with the stub."""
    job.main = _note
    vars(worker)["IDLE_SECONDS"] = float(os.environ.get(IDLE_VARIABLE, "30"))
    return worker.main(arguments)


def _note(arguments: list[str]) -> int:
    spec = json.loads(Path(arguments[0]).read_text())
    entry = {name: os.environ.get(name) for name in ("CUDA_VISIBLE_DEVICES", "SG_TEST_OF_PAYLOAD")}
    with Path(spec["log"]).open("a", encoding="utf-8") as log:
        log.write(json.dumps({"pid": os.getpid(), **entry}) + "\n")
    match spec.get("then"):
        case "die":
            os.kill(os.getpid(), signal.SIGKILL)
        case "wait":
            try:
                time.sleep(60)
            except KeyboardInterrupt:
                return 130
        case "fail":
            raise ZeroDivisionError
    return int(spec.get("status", 0))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
