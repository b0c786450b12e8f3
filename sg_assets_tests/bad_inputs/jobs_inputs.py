"""Bad payloads of jobs, as another launcher might hand them in, and bad settings of GPU cards."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sg_assets.jobs.payload import read_payload
from sg_assets.jobs.step_job import read_spec
from sg_assets.processes.cards import LOCKS_VARIABLE, card_lease
from sg_assets_tests.bad_inputs.bad_input import BadInput, error_of

GOOD: dict[str, Any] = {
    "contract": 1, "work": "sg_assets.training.job", "step": "adapters/sft[a]", "spec": {}, "reads": [],
    "device": "cpu",
}  # fmt: skip
CONTENT = {"ref": "models/chat[base]", "version": "v", "fingerprint": "f", "path": "/nowhere/at/all"}


def _payload(name: str, text: str, *says: str) -> BadInput:
    return _file(name, text, read_payload, *says)


def _file(name: str, text: str, read: Callable[[Path], object], *says: str) -> BadInput:
    def act(folder: Path, _: pytest.MonkeyPatch) -> str:
        file = folder / "payload.json"
        file.write_bytes(text.encode("utf-8", errors="surrogateescape"))
        return error_of(lambda: read(file))

    return BadInput(name, act, (*says, "payload.json"))


def _with(**values: Any) -> str:
    return json.dumps(GOOD | values)


def _locks_in_a_file(folder: Path, environment: pytest.MonkeyPatch) -> str:
    (folder / "locks").touch()
    environment.setenv(LOCKS_VARIABLE, str(folder / "locks"))

    def lease() -> None:
        with card_lease(["0"], lambda _: None):
            pass

    return error_of(lease)


CASES = [
    _payload("an empty payload", "", "not valid", "JSON"),
    _payload("half a payload", _with()[:40], "not valid"),
    _payload("a payload that is no record", "[1]", "not valid"),
    _payload("a payload that is not UTF-8", "\udcff\udcfe", "not valid"),
    _payload("a payload of a later contract", _with(contract=2), "not valid", "contract"),
    _payload("a module that is no work", _with(work="subprocess"), "not valid", "work"),
    _payload("a module within a work", _with(work="sg_assets.training.job.os"), "not valid", "work"),
    _payload("a device that there is not", _with(device="tpu"), "not valid", "device"),
    _payload("a key too many", _with(command="rm"), "not valid", "command"),
    _payload("a content without a digest", _with(reads=[{"ref": "a/b"}]), "not valid", "reads.0.fingerprint"),
    _payload(
        "a content that was not brought", _with(reads=[CONTENT]),
        "the content of models/chat[base] is not there", "/nowhere/at/all", "Give the job the store's files",
    ),
    _file("a step's spec that is no record", "7", read_spec, "spec of the step is not valid"),
    _file("a step's spec of unknown work", '{"work": {"kind": "shell"}}', read_spec, "not valid", "work"),
    BadInput("locks of cards in a file", _locks_in_a_file, ("no folder", "SG_CARD_LOCKS")),
]  # fmt: skip
