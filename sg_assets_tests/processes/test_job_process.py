"""How a job that is its own process ends."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.processes.job_process import reason_file, run_payload
from sg_assets_tests.processes.jobs import SLEEPER


def refuse(_: Path) -> None:
    raise SgAssetsError("no rows are left", where="examples.parquet", remedy="Declare a larger mix")


def test_bad_input_leaves_its_reason_beside_the_spec(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec = tmp_path / "spec.json"
    assert run_payload([str(spec)], refuse) == 2
    expected = "examples.parquet: no rows are left. Declare a larger mix."
    assert reason_file(spec).read_text() == expected
    assert capsys.readouterr().err == expected + "\n"


def test_a_job_without_a_spec_says_what_it_needs(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_payload([], refuse) == 2
    assert "SPEC.json" in capsys.readouterr().err


def test_other_errors_keep_their_traceback(tmp_path: Path) -> None:
    def fail(_: Path) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run_payload([str(tmp_path / "spec.json")], fail)


def test_work_that_ends_well_leaves_no_reason(tmp_path: Path) -> None:
    spec = tmp_path / "spec.json"
    seen: list[Path] = []
    assert run_payload([str(spec)], seen.append) == 0
    assert seen == [spec]
    assert not reason_file(spec).exists()


def test_an_interrupt_ends_a_job_in_one_line() -> None:
    command = [sys.executable, "-c", SLEEPER]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "working\n"
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=5)[1] == "interrupted\n"
    assert process.returncode == 130


def test_an_interrupt_ends_a_job_of_a_server_that_ignores_it() -> None:
    command = ["sh", "-c", f"trap '' INT; exec {sys.executable} -c \"$0\"", SLEEPER]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "working\n"
    process.send_signal(signal.SIGINT)
    assert process.wait(5) == 130
