"""What a process does with payloads given one after the other; `orchestration/test_job_worker.py` starts it."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from sg_assets.jobs import worker
from sg_assets.training import job
from sg_assets_tests.jobs.payloads import written

Pipes = tuple[int, int, int, int]


@pytest.fixture
def pipes() -> Iterator[Pipes]:
    """The requests to read and to write, and the replies to read and to write."""
    opened = (*os.pipe(), *os.pipe())
    yield opened
    for descriptor in opened:
        try:
            os.close(descriptor)
        except OSError:
            continue


def ask(requests: int, file: Path, **variables: str) -> None:
    os.write(requests, (json.dumps({"payload": str(file), "variables": variables}) + "\n").encode())


def test_it_ends_when_there_are_no_more_requests(pipes: Pipes) -> None:
    os.close(pipes[1])
    assert worker._Server(pipes[0], pipes[3]).serve() == 0


def test_it_ends_when_it_has_waited_in_vain(pipes: Pipes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "IDLE_SECONDS", 0.0)
    assert worker._Server(pipes[0], pipes[3]).serve() == 0


def test_a_payload_s_variables_and_those_that_its_work_sets_are_gone_after_it(
    pipes: Pipes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[str | None, str | None]] = []

    def work(_: list[str]) -> int:
        seen.append((os.environ.get("SG_TEST_GIVEN"), os.environ.get("SG_TEST_SET")))
        os.environ["SG_TEST_SET"] = "by the work"
        return len(seen)

    monkeypatch.setattr(job, "main", work)
    ask(pipes[1], written(tmp_path / "a", device="cpu"), SG_TEST_GIVEN="yes")
    server = worker._Server(pipes[0], pipes[3])
    monkeypatch.setattr(worker, "IDLE_SECONDS", 0.01)
    assert server.serve() == 0
    ask(pipes[1], written(tmp_path / "b", device="cpu"))
    assert server.serve() == 0
    assert seen == [("yes", None), (None, None)]
    assert os.read(pipes[2], 64) == b"1\n2\n"


def test_an_interrupted_payload_ends_it(pipes: Pipes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job, "main", lambda _: 130)
    ask(pipes[1], written(tmp_path / "a", device="cpu"))
    assert worker._Server(pipes[0], pipes[3]).serve() == 130
