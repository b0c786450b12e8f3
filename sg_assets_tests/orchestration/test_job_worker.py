"""The process for jobs of one base: which payloads share it, and how it ends."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sg_assets.orchestration import job_worker
from sg_assets.orchestration.job_worker import Shared, Workers
from sg_assets.processes.cards import CARDS_VARIABLE, LOCKS_VARIABLE, card_lease
from sg_assets.processes.job_process import reason_file
from sg_assets.processes.parent import PARENT_VARIABLE
from sg_assets_tests.jobs import stub_worker
from sg_assets_tests.jobs.payloads import written

ONE, OTHER = Shared("one", "cpu", 1), Shared("other", "cpu", 1)
LANE = """
import sys, os
from pathlib import Path
from sg_assets.orchestration import job_worker
from sg_assets_tests.jobs import stub_worker
job_worker.worker = stub_worker.main
shared = job_worker.Shared("one", "cpu", 1)
job_worker.WORKERS.run(Path(sys.argv[1]), shared, {"SG_PARENT_PID": str(os.getpid())}, {})
"""


class Lane:
    """Payloads of a test, run by workers of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.workers = Workers()
        self.environment = {PARENT_VARIABLE: str(os.getpid()), LOCKS_VARIABLE: str(folder / "locks")}
        self.count = 0

    def payload(self, **values: Any) -> Path:
        self.count += 1
        device = values.pop("device", "cpu")
        spec = {"log": str(self.folder / "log.jsonl"), **values}
        return written(self.folder / str(self.count), spec=spec, device=device)

    def run(self, shared: Shared = ONE, variables: dict[str, str] | None = None, **values: Any) -> int:
        return self.workers.run(self.payload(**values), shared, self.environment, variables or {})

    @property
    def noted(self) -> list[dict[str, Any]]:
        file = self.folder / "log.jsonl"
        return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []

    @property
    def pids(self) -> list[int]:
        return [entry["pid"] for entry in self.noted]


@pytest.fixture
def lane(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lane]:
    monkeypatch.setattr(job_worker, "worker", stub_worker.main)
    opened = Lane(tmp_path)
    yield opened
    opened.workers.end()


def is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return "\nState:\tZ" in Path(f"/proc/{pid}/status").read_text()


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert condition()


def test_payloads_of_one_base_run_in_one_process_and_of_another_in_another(lane: Lane) -> None:
    assert [lane.run(), lane.run(variables={"SG_TEST_OF_PAYLOAD": "yes"}), lane.run(status=2)] == [0, 0, 2]
    assert len(set(lane.pids)) == 1
    assert [entry["SG_TEST_OF_PAYLOAD"] for entry in lane.noted] == [None, "yes", None]
    lane.run(OTHER)
    assert lane.pids[3] != lane.pids[0]
    assert is_gone(lane.pids[0])
    lane.workers.end()
    assert is_gone(lane.pids[3])


@pytest.mark.slow
@pytest.mark.parametrize(("then", "status"), [("die", -signal.SIGKILL), ("fail", 1)])
def test_the_end_of_a_worker_is_that_of_its_payload_and_the_next_one_has_another(
    lane: Lane, then: str, status: int
) -> None:
    assert lane.run(then=then) == status
    assert lane.run() == 0
    assert len(set(lane.pids)) == 2


@pytest.mark.slow
def test_an_interrupt_ends_the_worker(lane: Lane) -> None:
    def interrupt() -> None:
        until(lambda: bool(lane.pids))
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    with pytest.raises(KeyboardInterrupt):
        lane.run(then="wait")
    thread.join()
    assert is_gone(lane.pids[0])
    assert lane.run() == 0


@pytest.mark.slow
def test_a_worker_that_waited_in_vain_ends_and_the_next_payload_has_another(lane: Lane) -> None:
    lane.environment[stub_worker.IDLE_VARIABLE] = "0.1"
    lane.run()
    until(lambda: is_gone(lane.pids[0]))
    assert lane.run() == 0
    assert len(set(lane.pids)) == 2


@pytest.mark.slow
def test_an_idle_worker_makes_room_for_a_job_that_waits_for_its_card(
    lane: Lane, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(LOCKS_VARIABLE, lane.environment[LOCKS_VARIABLE])
    lane.environment[CARDS_VARIABLE] = "5"
    lane.run(device="cuda")
    lane.run(device="cuda")
    assert [entry["CUDA_VISIBLE_DEVICES"] for entry in lane.noted] == ["5", "5"]
    assert len(set(lane.pids)) == 1
    with card_lease(["5"], lambda _: None) as card:
        assert card == "5"
        assert is_gone(lane.pids[0])


@pytest.mark.slow
def test_no_worker_outlives_a_killed_lane(lane: Lane) -> None:
    command = [sys.executable, "-c", LANE, str(lane.payload(then="wait"))]
    with subprocess.Popen(command) as process:
        until(lambda: bool(lane.pids))
        process.kill()
    until(lambda: is_gone(lane.pids[0]))


@pytest.mark.slow
def test_a_payload_that_cannot_be_read_leaves_its_reason_and_the_worker_goes_on(lane: Lane, tmp_path: Path) -> None:
    file = tmp_path / "payload.json"
    file.write_text("{}")
    assert lane.workers.run(file, ONE, lane.environment, {}) == 2
    assert "the payload is not valid" in reason_file(file).read_text()
    assert lane.run() == 0
