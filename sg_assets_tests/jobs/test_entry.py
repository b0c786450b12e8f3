"""A payload in a process of its own: its card, its work, its exit status."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sg_assets.jobs import entry
from sg_assets.processes.cards import CARDS_VARIABLE, LOCKS_VARIABLE, VISIBLE
from sg_assets.processes.job_process import reason_file
from sg_assets.training import job
from sg_assets_tests.jobs.payloads import payload, written

ENTRY = [sys.executable, "-m", "sg_assets_tests.jobs.stub_entry"]


def trainings(folder: Path, count: int, *, cards: str, at_once: int, device: str = "cuda") -> list[str]:
    """Trainings that see which card they have, started together; each waits until so many have begun."""
    seen = folder / "seen"
    seen.mkdir()
    spec = {"folder": str(seen), "at_once": at_once}
    files = [written(folder / str(number), spec=spec, device=device) for number in range(count)]
    given = {CARDS_VARIABLE: cards, LOCKS_VARIABLE: str(folder / "locks")}
    inherited = {name: value for name, value in os.environ.items() if name != VISIBLE}
    processes = [subprocess.Popen([*ENTRY, str(file)], env=inherited | given) for file in files]
    assert [process.wait(60) for process in processes] == [0] * count
    return sorted(path.read_text() for path in seen.iterdir())


def test_two_trainings_at_once_have_a_card_each(tmp_path: Path) -> None:
    assert trainings(tmp_path, 2, cards="0,1", at_once=2) == ["0", "1"]


@pytest.mark.slow
def test_trainings_of_one_card_take_turns(tmp_path: Path) -> None:
    assert trainings(tmp_path, 2, cards="3", at_once=1) == ["3", "3"]


@pytest.mark.slow
def test_a_training_on_the_processor_needs_no_card(tmp_path: Path) -> None:
    assert trainings(tmp_path, 1, cards="0", at_once=1, device="cpu") == ["none"]


def test_a_job_without_cards_to_choose_from_keeps_those_it_was_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(CARDS_VARIABLE, raising=False)
    assert entry.leasable(payload(device="cuda")) == []


@pytest.mark.parametrize("status", [0, 2, 130])
def test_the_exit_status_is_that_of_the_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: int) -> None:
    specs: list[str] = []

    def work(arguments: list[str]) -> int:
        specs.append(Path(arguments[0]).read_text())
        return status

    monkeypatch.setattr(job, "main", work)
    assert entry.main([str(written(tmp_path / "job", spec={"rank": 8}, device="cpu"))]) == status
    assert specs == ['{\n "rank": 8\n}']


def test_a_payload_that_cannot_be_read_leaves_its_reason(tmp_path: Path, capsys: Any) -> None:
    file = tmp_path / "payload.json"
    file.write_text("{}")
    assert entry.main([str(file)]) == 2
    assert "the payload is not valid" in reason_file(file).read_text()
    assert "the payload is not valid" in capsys.readouterr().err
