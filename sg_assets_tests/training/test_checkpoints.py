import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from sg_assets.training.checkpoints import (
    JobFolder,
    discard,
    discard_unused,
    is_complete,
    journal,
    locked_folder,
    machines_of_result,
    read_machines,
    seal,
)
from sg_assets_tests.machines import machine

HOLD = """
import sys, time
from pathlib import Path
from sg_assets.training.checkpoints import locked_folder
with locked_folder(Path(sys.argv[1]), print):
    print("held", flush=True)
    time.sleep(60)
"""


def whole(folder: Path, text: str = "weights") -> Path:
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / "a.bin").write_text(text)
    seal(folder)
    return folder


def quiet(_: str) -> None:
    pass


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "checkpoints" / "abc"


def test_a_sealed_folder_is_whole(tmp_path: Path) -> None:
    assert is_complete(whole(tmp_path / "a"))


def test_an_unsealed_folder_is_not(tmp_path: Path) -> None:
    assert not is_complete(tmp_path)


@pytest.mark.parametrize("change", [lambda f: f.write_text("weightz"), lambda f: f.write_text(""), Path.unlink])
def test_a_folder_that_lost_a_byte_is_not_whole(tmp_path: Path, change: object) -> None:
    made = whole(tmp_path / "a")
    change(made / "deep" / "a.bin")  # type: ignore[operator]
    assert not is_complete(made)


def test_a_torn_seal_is_none(tmp_path: Path) -> None:
    made = whole(tmp_path / "a")
    seal_file = made / "whole.json"
    seal_file.write_text(seal_file.read_text()[:-10])
    assert not is_complete(made)


def test_the_newest_whole_checkpoint_is_found_and_torn_ones_removed(tmp_path: Path) -> None:
    mine = JobFolder(tmp_path)
    for step in (8, 10):
        whole(mine.checkpoint(step))
    mine.checkpoint(12).mkdir()
    (mine.checkpoint(10) / "deep" / "a.bin").unlink()
    assert mine.newest() == 8
    assert [path.name for path in mine.steps.iterdir()] == ["checkpoint-8"]


def test_checkpoints_are_ordered_by_number(tmp_path: Path) -> None:
    for step in (100, 20, 9):
        whole(JobFolder(tmp_path).checkpoint(step))
    assert JobFolder(tmp_path).newest() == 100


def test_nothing_kept_is_step_0(tmp_path: Path) -> None:
    assert JobFolder(tmp_path).newest() == 0


def test_the_journal_tells_who_did_what(folder: Path) -> None:
    with locked_folder(folder, quiet) as mine:
        mine.note("step", 3)
    assert [(entry["pid"], entry["event"], entry["step"]) for entry in journal(folder)] == [
        (os.getpid(), "held", 0),
        (os.getpid(), "step", 3),
    ]


def test_a_torn_last_line_is_left_out(folder: Path) -> None:
    with locked_folder(folder, quiet) as mine:
        mine.note("step", 3)
    file = folder / "journal.jsonl"
    file.write_text(file.read_text()[:-5])
    assert [entry["event"] for entry in journal(folder)] == ["held"]


def test_a_result_is_copied_without_its_seal(folder: Path, tmp_path: Path) -> None:
    with locked_folder(folder, quiet) as mine:
        (mine.new_result() / "adapter.bin").write_text("x")
        seal(mine.result)
        mine.copy_result(tmp_path / "out")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["adapter.bin"]


def test_the_machines_of_a_result_come_beside_it_and_not_in_it(folder: Path, tmp_path: Path) -> None:
    with locked_folder(folder, quiet) as mine:
        mine.note("began")
        mine.note_machine(machine("AVX2"))
        (mine.new_result() / "adapter.bin").write_text("x")
        mine.seal_result()
        mine.copy_result(tmp_path / "out", tmp_path / "machines")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["adapter.bin"]
    assert read_machines(tmp_path / "machines") == [machine("AVX2")]


def test_a_result_without_its_machines_is_not_whole(folder: Path) -> None:
    with locked_folder(folder, quiet) as mine:
        mine.new_result()
        mine.seal_result()
        (mine.result / "machines.json").unlink()
    assert not is_complete(folder / "result")


def test_no_machines_are_left_by_a_job_that_ended_before(tmp_path: Path) -> None:
    assert read_machines(tmp_path / "none") == []


def runs(*processes: tuple[int | None, str]) -> list[dict[str, object]]:
    """A journal of processes: the step each began at (None: it did not begin), and its instruction set."""
    entries: list[dict[str, object]] = []
    for began, instructions in processes:
        entries.append({"event": "held", "step": 0})
        if began is not None:
            recorded = machine(instructions).model_dump(mode="json")
            entries += [{"event": "began", "step": began}, {"event": "machine", "step": 0, "machine": recorded}]
    return entries


@pytest.mark.parametrize(
    ("processes", "expected"),
    [
        ([(0, "AVX512")], ["AVX512"]),
        ([(0, "AVX2"), (20, "AVX512")], ["AVX2", "AVX512"]),
        ([(0, "AVX2"), (20, "AVX2")], ["AVX2"]),
        ([(0, "AVX2"), (0, "AVX512")], ["AVX512"]),
        ([(0, "AVX2"), (20, "NEON"), (20, "AVX512")], ["AVX2", "AVX512"]),
        ([(0, "AVX2"), (20, "NEON"), (40, "AVX512"), (None, "SVE")], ["AVX2", "NEON", "AVX512"]),
        ([], []),
    ],
    ids=["one", "resumed elsewhere", "resumed there", "begun anew", "killed before its checkpoint", "twice", "none"],
)
def test_a_result_was_made_on_every_machine_that_a_checkpoint_of_it_came_from(
    processes: list[tuple[int | None, str]], expected: list[str]
) -> None:
    assert [used.kind.instruction_set for used in machines_of_result(runs(*processes))] == expected


def test_a_half_made_result_is_made_anew(folder: Path) -> None:
    with locked_folder(folder, quiet) as mine:
        (mine.new_result() / "half.bin").write_text("x")
        assert list(mine.new_result().iterdir()) == []


@pytest.fixture
def holder(folder: Path) -> subprocess.Popen[str]:
    """Another process that holds the folder."""
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(folder)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_what_another_process_holds_is_waited_for_by_name(folder: Path, holder: subprocess.Popen[str]) -> None:
    said: list[str] = []
    timer = threading.Timer(1, holder.kill)
    timer.start()
    began = time.monotonic()
    with locked_folder(folder, said.append):
        assert time.monotonic() - began > 0.5
    assert said == [f"waiting for pid {holder.pid}, which works on the same job"]
    holder.wait()


def test_what_another_process_holds_is_not_discarded(folder: Path, holder: subprocess.Popen[str]) -> None:
    assert not discard(folder)
    assert folder.is_dir()
    holder.kill()
    holder.wait()
    assert discard(folder)
    assert not folder.exists()


def test_discarding_nothing_makes_nothing(folder: Path) -> None:
    assert discard(folder)
    assert not folder.parent.exists()


def test_a_discarded_folder_can_be_held_again(folder: Path) -> None:
    for _ in range(2):
        with locked_folder(folder, quiet) as mine:
            assert [entry["event"] for entry in journal(folder)] == ["held"]
            assert mine.newest() == 0
        assert discard(folder)


def test_what_nobody_took_up_for_long_is_discarded(folder: Path) -> None:
    young = folder.with_name("young")
    for job_folder in (folder, young):
        with locked_folder(job_folder, quiet):
            pass
    day_ago = time.time() - 24 * 3600
    os.utime(folder / "journal.jsonl", (day_ago, day_ago))
    discard_unused(folder.parent, 3600)
    assert not folder.exists()
    assert young.is_dir()
