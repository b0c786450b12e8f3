"""A process that lives is told from one that is gone, whatever its id."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from sg_assets.processes.presence import forget, gone, is_alive, living, presence

HOLDER = """
import sys, time
from pathlib import Path
from sg_assets.processes.presence import presence
with presence(Path(sys.argv[1]), "a lane") as shown:
    print(shown.id, flush=True)
    sys.stdin.readline()
"""


def holder(folder: Path) -> tuple[subprocess.Popen[str], str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    return process, process.stdout.readline().strip()


def test_a_process_shows_that_it_lives_and_takes_its_file_away(tmp_path: Path) -> None:
    with presence(tmp_path, "sg-assets run") as shown:
        assert is_alive(tmp_path, shown.id)
        assert [str(process) for process in living(tmp_path)] == [f"sg-assets run (pid {os.getpid()} on {shown.host})"]
        assert gone(tmp_path) == []
    assert not is_alive(tmp_path, shown.id)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV])
def test_a_killed_process_is_gone_at_once_and_leaves_its_name(tmp_path: Path, number: signal.Signals) -> None:
    process, shown = holder(tmp_path)
    assert is_alive(tmp_path, shown)
    process.send_signal(number)
    process.communicate()
    assert not is_alive(tmp_path, shown)
    assert [(left.id, left.title, left.pid) for left in gone(tmp_path)] == [(shown, "a lane", process.pid)]
    forget(tmp_path, gone(tmp_path))
    assert gone(tmp_path) == []


def test_a_process_id_that_is_used_again_is_not_taken_for_the_process(tmp_path: Path) -> None:
    with presence(tmp_path, "a lane") as shown:
        values = json.loads((tmp_path / f"{shown.id}.json").read_text())
    (tmp_path / "earlier.json").write_text(json.dumps({**values, "id": "earlier"}))
    assert not is_alive(tmp_path, "earlier")
    assert [left.pid for left in gone(tmp_path)] == [os.getpid()]


def test_a_process_of_an_earlier_start_of_the_machine_is_known_as_one(tmp_path: Path) -> None:
    with presence(tmp_path, "a lane") as shown:
        values = json.loads((tmp_path / f"{shown.id}.json").read_text())
    (tmp_path / "earlier.json").write_text(json.dumps({**values, "boot": "another"}))
    (tmp_path / "now.json").write_text(json.dumps(values))
    assert {left.id: left.is_of_earlier_boot for left in gone(tmp_path)} == {"earlier": True, "now": False}


def test_a_forked_child_that_lives_on_does_not_keep_its_parent_alive(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    ready, runs = os.pipe()
    with presence(tmp_path, "a lane") as shown:
        child = os.fork()
        if not child:
            os.close(writer)
            os.write(runs, b".")
            os.read(reader, 1)
            os._exit(0)
        os.read(ready, 1)
        path = tmp_path / f"{shown.id}.json"
        kept = tmp_path / "kept.json"
        os.link(path, kept)
    assert not is_alive(tmp_path, "kept")
    os.close(writer)
    os.waitpid(child, 0)
    for descriptor in (reader, ready, runs):
        os.close(descriptor)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"pid": 3}', "null"])
def test_a_torn_file_is_a_process_that_is_gone(tmp_path: Path, content: str) -> None:
    (tmp_path / "torn.json").write_text(content)
    assert [(left.id, left.title) for left in gone(tmp_path)] == [("torn", "a process")]


def test_without_a_folder_nobody_lives(tmp_path: Path) -> None:
    assert living(tmp_path / "none") == []
    assert gone(tmp_path / "none") == []
    assert not is_alive(tmp_path / "none", "any")
