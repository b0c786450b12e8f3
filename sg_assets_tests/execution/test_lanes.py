"""Batches beside each other, in processes of their own. They meet through files, so no test depends on timing."""

import errno
import gc
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import psutil
import pytest

from sg_assets.declarations.batches import Batch
from sg_assets.declarations.graph import Edge, Graph, Node
from sg_assets.errors import SgAssetsError
from sg_assets.execution.lanes import Lanes, Runner
from sg_assets.execution.runs import RunProgress, run_batches

A, B, BOTH, LAST = (Batch((f"raw/{name}",), None) for name in ("a", "b", "both", "last"))
READS = {"raw/a": (), "raw/b": (), "raw/both": ("raw/a", "raw/b"), "raw/last": ("raw/both",)}
GRAPH = Graph(
    {
        name: Node(name, None, tuple(Edge(upstream, {None: (None,)}) for upstream in read))
        for name, read in READS.items()
    }
)


def until(file: Path) -> None:
    """Wait for a file; without it a test ends after a while rather than never."""
    deadline = time.monotonic() + 60
    while not file.exists():
        assert time.monotonic() < deadline, f"{file.name} did not come"
        time.sleep(0.01)


def name(batch: Batch) -> str:
    return batch.assets[0].removeprefix("raw/")


@contextmanager
def meeting(folder: Path) -> Iterator[Runner]:
    """Neither of ``a`` and ``b`` ends before the other has begun; what comes after them finds both ended."""

    def run(batch: Batch) -> SgAssetsError | None:
        (folder / f"{name(batch)} began").touch()
        if batch in (A, B):
            until(folder / f"{name(B if batch == A else A)} began")
        ended = sorted(path.name for path in folder.glob("* ended"))
        (folder / f"{name(batch)} ended").write_text(" ".join(ended))
        return None

    yield run


@contextmanager
def failing(folder: Path) -> Iterator[Runner]:
    """``a`` fails once ``b`` has begun, and ``b`` ends after that."""

    def run(batch: Batch) -> SgAssetsError | None:
        (folder / f"{name(batch)} began").touch()
        if batch == A:
            until(folder / "b began")
            return SgAssetsError("no good", where="raw/a")
        until(folder / "release")
        return SgAssetsError("no better", where="raw/b") if (folder / "b fails").exists() else None

    yield run


@contextmanager
def killed(folder: Path) -> Iterator[Runner]:
    """``a`` is killed once ``b`` has begun, and ``b`` ends after that."""

    def run(batch: Batch) -> SgAssetsError | None:
        (folder / f"{name(batch)} began").touch()
        if batch == A:
            until(folder / "b began")
            os.kill(os.getpid(), signal.SIGKILL)
        until(folder / "release")
        return None

    yield run


@contextmanager
def crashing(number: int) -> Iterator[Runner]:
    """Crashes, as a native library makes a process crash."""

    def run(_: Batch) -> SgAssetsError | None:
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
        return None

    yield run


@contextmanager
def killed_with_its_server(folder: Path) -> Iterator[Runner]:
    """Kills the server that it was forked from, then itself."""

    def run(_: Batch) -> SgAssetsError | None:
        os.kill(os.getppid(), signal.SIGKILL)
        until(folder / "go")
        os.kill(os.getpid(), signal.SIGKILL)
        return None

    yield run


@contextmanager
def on_full_disk(at_start: bool) -> Iterator[Runner]:
    """Meets a full disk, when it is opened or when it works."""
    full = OSError(errno.ENOSPC, "No space left on device")
    if at_start:
        raise full

    def run(_: Batch) -> SgAssetsError | None:
        raise full

    yield run


@contextmanager
def endless(folder: Path) -> Iterator[Runner]:
    """Never ends; notes its process and that it was interrupted."""

    def run(batch: Batch) -> SgAssetsError | None:
        try:
            (folder / "pid part").write_text(str(os.getpid()))
            (folder / "pid part").rename(folder / "pid")
            time.sleep(600)
        except KeyboardInterrupt:
            (folder / "interrupted").touch()
        return None

    yield run


@contextmanager
def looking(folder: Path) -> Iterator[Runner]:
    """Notes what it was forked with."""
    imported, frozen = "sg_assets.quality.great_expectations" in sys.modules, gc.get_freeze_count()

    def run(_: Batch) -> SgAssetsError | None:
        (folder / "seen").write_text(f"{imported} {frozen > 0}")
        return None

    yield run


class ShownProgress:
    """The progress shown while batches run."""

    def __init__(self, release: Path | None = None) -> None:
        self.lines: list[RunProgress] = []
        self.running: list[tuple[str, ...]] = []
        self._release = release

    def run(self, planned: list[Batch], lanes: Lanes) -> None:
        run_batches(planned, GRAPH, lanes, self._running, self.lines.append)

    def _running(self, batches: object) -> None:
        assert isinstance(batches, list)
        self.running.append(tuple(map(name, batches)))
        if self._release is not None and self.running[-1] == ("b",):
            self._release.touch()

    @property
    def done(self) -> list[str]:
        return [name(line.batch) for line in self.lines]


@pytest.mark.slow
def test_batches_that_do_not_read_each_other_run_at_the_same_time(tmp_path: Path) -> None:
    shown = ShownProgress()
    with Lanes(2, partial(meeting, tmp_path)) as lanes:
        shown.run([A, B], lanes)
    assert shown.running[0] == ("a", "b")
    assert [(line.done, line.total) for line in shown.lines] == [(1, 2), (2, 2)]


def test_a_batch_waits_for_all_it_reads_though_a_lane_is_free(tmp_path: Path) -> None:
    shown = ShownProgress()
    with Lanes(3, partial(meeting, tmp_path)) as lanes:
        shown.run([A, B, BOTH, LAST], lanes)
    assert (tmp_path / "both ended").read_text() == "a ended b ended"
    assert (tmp_path / "last ended").read_text() == "a ended b ended both ended"
    assert shown.done[2:] == ["both", "last"]


def test_one_lane_keeps_the_planned_order(tmp_path: Path) -> None:
    shown = ShownProgress()
    for batch in (A, B):  # neither waits for the other then
        (tmp_path / f"{name(batch)} began").touch()
    with Lanes(1, partial(meeting, tmp_path)) as lanes:
        shown.run([B, A, BOTH, LAST], lanes)
    assert shown.running == [("b",), ("a",), ("both",), ("last",)]
    assert shown.done == ["b", "a", "both", "last"]


def test_after_a_failure_nothing_starts_and_what_runs_is_brought_to_its_end(tmp_path: Path) -> None:
    shown = ShownProgress(tmp_path / "release")
    with Lanes(2, partial(failing, tmp_path)) as lanes, pytest.raises(SgAssetsError, match="raw/a: no good"):
        shown.run([A, B, BOTH, LAST], lanes)
    assert shown.done == ["b"]
    assert not list(tmp_path.glob("both*"))


def test_the_first_failure_is_told(tmp_path: Path) -> None:
    (tmp_path / "b fails").touch()
    shown = ShownProgress(tmp_path / "release")
    with Lanes(2, partial(failing, tmp_path)) as lanes, pytest.raises(SgAssetsError, match="raw/a: no good"):
        shown.run([A, B], lanes)
    assert shown.done == []


def test_a_lane_is_forked_with_what_checks_need_and_does_not_search_it_for_garbage(tmp_path: Path) -> None:
    with Lanes(1, partial(looking, tmp_path)) as lanes:
        lanes.start(A)
        lanes.wait()
    assert (tmp_path / "seen").read_text() == "True True"


def test_a_lane_that_is_killed_is_told_and_the_other_ends_its_batch(tmp_path: Path) -> None:
    shown = ShownProgress(tmp_path / "release")
    with (
        Lanes(2, partial(killed, tmp_path)) as lanes,
        pytest.raises(SgAssetsError, match=r"raw/a: .*SIGKILL.*nothing shows that memory ran out"),
    ):
        shown.run([A, B, BOTH], lanes)
    assert shown.done == ["b"]


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGBUS, signal.SIGABRT, signal.SIGTERM], ids=str)
def test_a_lane_that_crashes_is_named_by_its_signal(number: signal.Signals) -> None:
    said = rf"raw/a: the process that ran it is gone.*signal {int(number)} \({number.name}\)"
    with Lanes(1, partial(crashing, number)) as lanes, pytest.raises(SgAssetsError, match=said) as failure:
        ShownProgress().run([A], lanes)
    assert "memory runs out" not in str(failure.value)


@pytest.mark.slow
def test_a_lane_that_is_killed_with_its_server_is_named_and_the_next_batch_has_a_server(tmp_path: Path) -> None:
    (tmp_path / "go").touch()
    for _ in range(2):
        with (
            Lanes(1, partial(killed_with_its_server, tmp_path)) as lanes,
            pytest.raises(SgAssetsError, match=r"raw/a: the process that ran it is gone\. How it ended is not known"),
        ):
            ShownProgress().run([A], lanes)


@pytest.mark.parametrize("at_start", [True, False])
def test_a_lane_that_meets_a_full_disk_says_so_without_a_traceback(
    at_start: bool, capfd: pytest.CaptureFixture[str]
) -> None:
    with Lanes(1, partial(on_full_disk, at_start)) as lanes, pytest.raises(SgAssetsError, match="the disk is full"):
        ShownProgress().run([A], lanes)
    assert "Traceback" not in capfd.readouterr().err


def test_while_batches_run_it_is_looked_for_dead_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sg_assets.execution.runs._LOOK_SECONDS", 0.01)
    (tmp_path / "a began").touch()
    release = tmp_path / "b began"  # `a` waits for it
    with Lanes(1, partial(meeting, tmp_path)) as lanes:
        run_batches([A], GRAPH, lanes, lambda _: None, lambda _: None, look=release.touch)
    assert (tmp_path / "a ended").exists()


def test_an_interrupt_ends_what_runs(tmp_path: Path) -> None:
    def interrupted_once_it_runs(running: object) -> None:
        until(tmp_path / "pid")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), Lanes(2, partial(endless, tmp_path)) as lanes:
        run_batches([A], GRAPH, lanes, interrupted_once_it_runs, lambda _: None)
    assert (tmp_path / "interrupted").exists()
    assert not psutil.pid_exists(int((tmp_path / "pid").read_text()))


@pytest.mark.slow
def test_a_lane_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    started = f"""
from functools import partial
from pathlib import Path
from sg_assets.execution.lanes import Lanes
from sg_assets_tests.execution.test_lanes import A, endless
with Lanes(1, partial(endless, Path({str(tmp_path)!r}))) as lanes:
    lanes.start(A)
    lanes.wait()
"""
    parent = subprocess.Popen([sys.executable, "-c", started])
    until(tmp_path / "pid")
    lane = psutil.Process(int((tmp_path / "pid").read_text()))
    parent.kill()
    parent.wait()
    lane.wait(30)
    assert not (tmp_path / "interrupted").exists()


@pytest.mark.slow
def test_the_server_they_are_forked_from_ends_in_silence(tmp_path: Path) -> None:
    ran = f"""
from functools import partial
from pathlib import Path
from sg_assets.execution.lanes import Lanes
from sg_assets_tests.execution.test_lanes import A, looking
with Lanes(1, partial(looking, Path({str(tmp_path)!r}))) as lanes:
    lanes.start(A)
    lanes.wait()
"""
    ended = subprocess.run([sys.executable, "-c", ran], capture_output=True, text=True, check=True)
    assert (ended.stdout, ended.stderr) == ("", "")
